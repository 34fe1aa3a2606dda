using System.Text.Json.Serialization;

namespace RealtimeInference.Benchmarks.Charts;

/// <summary>Where a comparison stands in a picture.</summary>
/// <param name="Chart">The picture.</param>
/// <param name="X">The place along it.</param>
/// <param name="Series">The line: ours and the baseline's each have one of this name.</param>
public sealed record ChartPoint(
    [property: JsonPropertyName("chart")] string Chart,
    [property: JsonPropertyName("x")] string X,
    [property: JsonPropertyName("series")] string Series);
