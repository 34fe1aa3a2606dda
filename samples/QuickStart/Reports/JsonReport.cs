using System.Text.Json;

namespace QuickStart;

/// <summary>One JSON object per line, as soon as it is known: for other programs.</summary>
public sealed class JsonReport(TextWriter writer) : IReport
{
    public void Add(Detection detection) =>
        writer.WriteLine(JsonSerializer.Serialize(DetectionLine.From(detection), DetectionJson.Default.DetectionLine));

    public void Finish() => writer.Flush();
}
