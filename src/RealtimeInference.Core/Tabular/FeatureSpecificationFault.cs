namespace RealtimeInference;

/// <summary>One thing that is wrong with a feature specification.</summary>
/// <param name="Path">Where: a JSON path such as <c>inputs[3].std</c>; empty for the whole.</param>
/// <param name="Line">The line, from 1.</param>
/// <param name="Column">The column, from 1.</param>
/// <param name="Message">What was found and what was expected.</param>
public sealed record FeatureSpecificationFault(string Path, int Line, int Column, string Message)
{
    /// <inheritdoc/>
    public override string ToString() => $"line {Line}, column {Column}: {(Path.Length == 0 ? "" : $"{Path}: ")}{Message}";
}
