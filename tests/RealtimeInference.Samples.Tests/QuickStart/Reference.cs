using System.Text.Json;

namespace RealtimeInference.Samples.Tests;

/// <summary>What other implementations say about a sample file.</summary>
/// <param name="File">The file, relative to the model's folder.</param>
/// <param name="Label">The model's top class.</param>
/// <param name="Score">Its probability.</param>
/// <param name="Output">The final answer of Google's implementation, where known.</param>
public sealed record Reference(string File, string Label, double Score, string? Output)
{
    private static readonly JsonSerializerOptions s_options = new(JsonSerializerDefaults.Web);

    public static IReadOnlyList<Reference> All { get; } = JsonSerializer.Deserialize<Reference[]>(
        System.IO.File.ReadAllText(Path.Combine(MagikaFixture.Folder, "reference.json")), s_options)!;
}
