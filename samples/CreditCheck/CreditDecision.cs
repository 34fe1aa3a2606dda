using System.Text.Json.Serialization;

namespace CreditCheck;

/// <summary>The answer to an application.</summary>
/// <param name="Id">The application's.</param>
/// <param name="Outcome">What is to be done.</param>
/// <param name="Score">The probability of a bad loan.</param>
/// <param name="IsCustomerKnown">Whether all that the model saw of the customer was the bank's knowledge, not a default.</param>
/// <param name="Reasons">The inputs that raised the score most; none for an approval.</param>
public sealed record CreditDecision(string Id, Outcome Outcome, float Score, bool IsCustomerKnown, IReadOnlyList<Reason> Reasons);

/// <summary>By how much the score would be lower if this input were the typical applicant's.</summary>
public sealed record Reason(string Input, float Change);

[JsonConverter(typeof(JsonStringEnumConverter<Outcome>))]
public enum Outcome
{
    Approve,

    /// <summary>To be looked at by a person.</summary>
    Refer,

    Decline,
}
