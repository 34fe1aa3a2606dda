using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Text;

namespace RealtimeInference;

/// <summary>Where something stands in the user's files: a value, so that it can be compared and holds no syntax tree.</summary>
internal sealed record LocationInfo(string Path, TextSpan Span, LinePositionSpan Lines)
{
    public static LocationInfo? From(Location? location) =>
        location?.SourceTree is { } tree ? new LocationInfo(tree.FilePath, location.SourceSpan, location.GetLineSpan().Span) : null;

    public static LocationInfo From(string path, JsonPosition position)
    {
        var start = new LinePosition(position.Line - 1, position.Column - 1);
        return new LocationInfo(path, new TextSpan(position.Offset, 0), new LinePositionSpan(start, start));
    }

    public Location Create() => Location.Create(Path, Span, Lines);
}
