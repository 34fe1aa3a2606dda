namespace QuickStart;

/// <summary>Every kind of file, by label.</summary>
public sealed class ContentTypes
{
    private readonly Dictionary<string, ContentType> _types;

    public ContentTypes(IEnumerable<KeyValuePair<string, ContentType>> types) =>
        _types = types.ToDictionary(entry => entry.Key, entry => entry.Value with { Label = entry.Key });

    public ContentType Empty => this["empty"];

    public ContentType Text => this["txt"];

    public ContentType Unknown => this["unknown"];

    public ContentType this[string label] => _types.TryGetValue(label, out ContentType? type)
        ? type
        : throw new InvalidDataException($"content_types.json has no type '{label}'.");

    /// <summary>Gets the type to fall back to when nothing better is known than whether it is text.</summary>
    public ContentType Generic(bool isText) => isText ? Text : Unknown;
}
