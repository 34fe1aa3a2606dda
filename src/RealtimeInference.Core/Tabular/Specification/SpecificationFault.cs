namespace RealtimeInference;

/// <summary>One thing that is wrong with a specification.</summary>
/// <param name="Path">Where: a JSON path such as <c>inputs[3].std</c>; empty for the whole.</param>
/// <param name="Position">Where in the text.</param>
/// <param name="Message">What was found and what was expected.</param>
internal sealed record SpecificationFault(string Path, JsonPosition Position, string Message)
{
    public override string ToString() =>
        $"line {Position.Line}, column {Position.Column}: {(Path.Length == 0 ? "" : $"{Path}: ")}{Message}";
}
