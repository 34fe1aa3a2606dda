using System.Text.Json.Serialization;

namespace CreditCheck.Host;

/// <summary>How requests and answers are read and written, without reflection.</summary>
[JsonSerializable(typeof(CreditApplication))]
[JsonSerializable(typeof(CreditDecision))]
[JsonSerializable(typeof(HttpValidationProblemDetails))]
internal sealed partial class CreditJson : JsonSerializerContext;
