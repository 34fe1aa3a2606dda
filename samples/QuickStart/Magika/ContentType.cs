using System.Text.Json.Serialization;

namespace QuickStart;

/// <summary>One kind of file, as content_types.json describes it.</summary>
public sealed record ContentType
{
    /// <summary>Gets the short name, such as <c>python</c>: the key of the entry.</summary>
    [JsonIgnore]
    public string Label { get; init; } = "";

    public string? MimeType { get; init; }

    public string? Group { get; init; }

    public string? Description { get; init; }

    public IReadOnlyList<string> Extensions { get; init; } = [];

    public required bool IsText { get; init; }
}
