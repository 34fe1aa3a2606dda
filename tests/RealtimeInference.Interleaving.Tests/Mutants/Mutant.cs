namespace RealtimeInference.Interleaving.Tests;

/// <summary>One fault, put into one of the production files.</summary>
/// <param name="Name">What is wrong.</param>
/// <param name="File">The file, without folder.</param>
/// <param name="Original">What stands there once, line breaks and indents aside.</param>
/// <param name="Replacement">What comes instead.</param>
/// <param name="Shows">What the failure says; null where that differs with the schedule.</param>
/// <param name="Scenario">The scenario in which it shows, where only one of them can; null for any.</param>
public sealed record Mutant(string Name, string File, string Original, string Replacement, string? Shows, string? Scenario = null)
{
    public override string ToString() => Name;
}
