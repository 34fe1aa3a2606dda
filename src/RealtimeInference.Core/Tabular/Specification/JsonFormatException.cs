namespace RealtimeInference;

/// <summary>A text is not JSON.</summary>
internal sealed class JsonFormatException(string message, JsonPosition position) : Exception(message)
{
    public JsonPosition Position { get; } = position;
}
