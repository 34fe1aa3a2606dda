using System.Globalization;
using System.Text.Json;

namespace RealtimeInference.Benchmarks.Ratios;

/// <summary>The command <c>ratios [group] [--json FILE]</c>.</summary>
internal static class RatioCommand
{
    private static readonly IRatioGroup[] s_groups =
    [
        new PipelineGroup(),
        new BatchingGroup(),
        new EncoderGroup(),
        new OverloadGroup(),
        new MagikaGroup(),
        new PoissonGroup(),
        new FeaturesGroup(),
        new CacheGroup(),
        new TabularGroup(),
        new RedisGroup(),
    ];

    public static int Run(ReadOnlySpan<string> arguments)
    {
        string? group = null;
        string? jsonFile = null;
        for (int i = 0; i < arguments.Length; i++)
        {
            if (arguments[i] == "--json" && i + 1 < arguments.Length)
            {
                jsonFile = arguments[++i];
            }
            else if (group is null && !arguments[i].StartsWith('-'))
            {
                group = arguments[i];
            }
            else
            {
                return Usage($"'{arguments[i]}' is not understood");
            }
        }

        IRatioGroup[] chosen = [.. s_groups.Where(g => group is null || g.Name == group)];
        if (chosen.Length == 0)
        {
            return Usage($"there is no group '{group}'");
        }

        var comparisons = new List<Comparison>();
        foreach (Comparison comparison in chosen.SelectMany(static g => g.Run()))
        {
            comparisons.Add(comparison);
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"{(comparison.Met ? "met   " : "MISSED")} {comparison.Ratio,8:0.000}  bar {comparison.Bar,-12}  ours {comparison.Ours,9:0.0}  baseline {comparison.Baseline,9:0.0}  {comparison.Name}"));
        }

        if (jsonFile is not null)
        {
            File.WriteAllText(jsonFile, JsonSerializer.Serialize(comparisons, ComparisonJson.Default.ListComparison) + "\n");
        }

        return 0;
    }

    private static int Usage(string problem)
    {
        Console.Error.WriteLine($"{problem}. Usage: ratios [group] [--json FILE]; groups: {string.Join(", ", s_groups.Select(static g => g.Name))}");
        return 2;
    }
}
