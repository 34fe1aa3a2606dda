namespace RealtimeInference;

/// <summary>What is given to the compiler for one type.</summary>
/// <param name="HintName">The name of the file.</param>
/// <param name="Source">Its text; <see langword="null"/> where there are errors.</param>
/// <param name="Diagnostics">The errors.</param>
internal sealed record GeneratedEncoder(string HintName, string? Source, EquatableArray<DiagnosticInfo> Diagnostics);
