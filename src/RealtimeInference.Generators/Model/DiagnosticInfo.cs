using Microsoft.CodeAnalysis;

namespace RealtimeInference;

/// <summary>An error for the user, as a value.</summary>
internal sealed record DiagnosticInfo(DiagnosticDescriptor Rule, LocationInfo? Location, string Message)
{
    public Diagnostic Create() => Diagnostic.Create(Rule, Location?.Create() ?? Microsoft.CodeAnalysis.Location.None, Message);
}
