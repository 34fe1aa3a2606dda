namespace RealtimeInference;

/// <summary>One thing that is wrong with an input.</summary>
/// <param name="Path">Where: a member path such as <c>Card.Number</c>; empty for the input as a whole.</param>
/// <param name="Message">What is wrong, in words that the input's sender understands.</param>
public sealed record InputFault(string Path, string Message)
{
    /// <inheritdoc/>
    public override string ToString() => Path.Length == 0 ? Message : $"{Path}: {Message}";
}
