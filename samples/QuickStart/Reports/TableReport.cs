using System.Globalization;

namespace QuickStart;

/// <summary>A table of the files, then one of the stages: for people.</summary>
public sealed class TableReport(TextWriter writer, StageTimes stages) : IReport
{
    // Kept to the end: only then is it known how wide the columns have to be.
    private readonly List<Detection> _detections = [];

    public void Add(Detection detection) => _detections.Add(detection);

    public void Finish()
    {
        var files = new TextTable("file", "type", "group", "MIME type", "confidence>", "ms>");
        foreach (Detection detection in _detections)
        {
            if (detection.Type is { } type)
            {
                files.AddRow(
                    detection.File,
                    type.ContentType.Label,
                    type.ContentType.Group ?? "",
                    type.ContentType.MimeType ?? "",
                    Format($"{type.Confidence:0.0000}"),
                    Format($"{detection.Elapsed.TotalMilliseconds:0.000}"));
            }
            else
            {
                files.AddRow(detection.File, $"error: {detection.Error}");
            }
        }

        var times = new TextTable("stage", "files>", "mean ms>", "total ms>");
        foreach ((string stage, int count, TimeSpan total) in stages.Stages)
        {
            times.AddRow(
                stage, Format($"{count}"), Format($"{total.TotalMilliseconds / count:0.0000}"), Format($"{total.TotalMilliseconds:0.000}"));
        }

        files.WriteTo(writer);
        writer.WriteLine();
        writer.WriteLine(Format($"{_detections.Count} files, {_detections.Count(detection => detection.Error is not null)} failed."));
        writer.WriteLine();
        times.WriteTo(writer);
        writer.Flush();
    }

    private static string Format(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
