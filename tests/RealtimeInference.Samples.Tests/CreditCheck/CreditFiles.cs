using System.Globalization;

namespace RealtimeInference.Samples.Tests;

/// <summary>The credit data, read without the sample's code.</summary>
internal static class CreditFiles
{
    public static string Folder { get; } = Path.Combine(AppContext.BaseDirectory, "german-credit");

    /// <summary>Gets the applicants, in the order of the file, as texts by column.</summary>
    public static IReadOnlyList<Dictionary<string, string?>> Applicants { get; } = Read("applicants.csv");

    /// <summary>Gets PyTorch's answers by id.</summary>
    public static IReadOnlyDictionary<string, float> Reference { get; } = Read("reference.csv")
        .ToDictionary(static row => row["id"]!, static row => float.Parse(row["probability_bad"]!, CultureInfo.InvariantCulture));

    /// <summary>Works out what is typical: the rounded mean of a column of numbers, what is most frequent in any other.</summary>
    public static string TypicalOf(string column)
    {
        string[] cells = [.. Applicants.Select(row => row[column]!)];
        return cells.All(static c => c.Contains('.') && double.TryParse(c, CultureInfo.InvariantCulture, out _))
            ? Math.Round(cells.Average(static c => double.Parse(c, CultureInfo.InvariantCulture))).ToString(CultureInfo.InvariantCulture)
            : cells.CountBy(static c => c).MaxBy(static c => c.Value).Key;
    }

    private static List<Dictionary<string, string?>> Read(string file)
    {
        string[][] lines = [.. File.ReadLines(Path.Combine(Folder, file)).Select(static l => l.Split(','))];
        return [.. lines.Skip(1).Select(cells => lines[0].Zip(cells).ToDictionary(static c => c.First, static c => (string?)c.Second))];
    }
}
