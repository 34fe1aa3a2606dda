using System.Text.Json;
using RealtimeInference.Benchmarks.Ratios;

namespace RealtimeInference.Benchmarks.Charts;

/// <summary>The command <c>chart RESULTS.json FOLDER</c>: draws what a run of the ratios measured.</summary>
internal static class ChartCommand
{
    public static int Run(ReadOnlySpan<string> arguments)
    {
        if (arguments.Length != 2)
        {
            Console.Error.WriteLine("Usage: chart RESULTS.json FOLDER");
            return 2;
        }

        List<Comparison> results = JsonSerializer.Deserialize(File.ReadAllText(arguments[0]), ComparisonJson.Default.ListComparison)!;
        foreach (IGrouping<string, Comparison> chart in results.Where(static r => r.Point is not null).GroupBy(static r => r.Point!.Chart))
        {
            string file = Path.Combine(arguments[1], $"{chart.Key.Replace(' ', '-')}.svg");
            File.WriteAllText(file, Chart.Draw(ChartText.Of(chart.Key), [.. chart]));
            Console.WriteLine(file);
        }

        return 0;
    }
}
