using System.Text.Json.Serialization;

namespace QuickStart;

/// <summary>The JSON object of one file. Fields that are <see langword="null"/> are left out.</summary>
public sealed record DetectionLine(
    string File, string? Type, string? Group, string? MimeType, float? Confidence, double? Milliseconds, string? Error)
{
    public static DetectionLine From(Detection detection) => detection.Type is { } type
        ? new(
            detection.File,
            type.ContentType.Label,
            type.ContentType.Group,
            type.ContentType.MimeType,
            type.Confidence,
            detection.Elapsed.TotalMilliseconds,
            Error: null)
        : new(detection.File, null, null, null, null, null, detection.Error);
}

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(DetectionLine))]
internal sealed partial class DetectionJson : JsonSerializerContext;
