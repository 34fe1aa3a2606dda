using System.Text.Json.Serialization;
using RealtimeInference.Benchmarks.Charts;

namespace RealtimeInference.Benchmarks.Ratios;

/// <summary>One line of the report.</summary>
public sealed record Comparison(
    [property: JsonPropertyName("name")] string Name,
    [property: JsonPropertyName("ours")] double Ours,
    [property: JsonPropertyName("baseline")] double Baseline,
    [property: JsonPropertyName("ratio")] double Ratio,
    [property: JsonPropertyName("bar")] string Bar,
    [property: JsonPropertyName("met")] bool Met,
    [property: JsonPropertyName("point"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] ChartPoint? Point = null);

[JsonSourceGenerationOptions(WriteIndented = true)]
[JsonSerializable(typeof(List<Comparison>))]
internal sealed partial class ComparisonJson : JsonSerializerContext;
