using System.Globalization;
using RealtimeInference.Benchmarks.Tabular;
using RealtimeInference.Generators.Tests;

namespace RealtimeInference.Benchmarks.Ratios;

/// <summary>The rows of the credit data into the memory of a tensor: generated code against a dictionary for each row.</summary>
internal sealed class TabularGroup : IRatioGroup
{
    private static readonly string s_folder = Path.Combine(AppContext.BaseDirectory, "german-credit");

    public string Name => "tabular";

    public IEnumerable<Comparison> Run()
    {
        string path = Path.Combine(s_folder, "features.json");
        CreditApplicant[] applicants = [.. File.ReadLines(Path.Combine(s_folder, "applicants.csv")).Skip(1).Select(Read)];
        using var lender = new MemoryLender();
        var dictionary = new DictionaryEncoder(path);
        IInputEncoder<CreditApplicant> functions = CreditMap.CreateEncoder(FeatureSpecification.Load(path));
        foreach (CreditApplicant applicant in applicants)
        {
            float[] expected = Encode(lender, dictionary, applicant);
            if (!Encode(lender, CreditApplicantEncoder.Instance, applicant).SequenceEqual(expected) || !Encode(lender, functions, applicant).SequenceEqual(expected))
            {
                throw new InvalidOperationException($"The encoders differ for {applicant.Id}.");
            }
        }

        Action<int> baseline = Loop<CreditApplicant>(lender, dictionary, applicants);
        Action<int> premade = Loop(lender, dictionary, [.. applicants.Select(DictionaryEncoder.ToRow)]);
        Action<int> generated = Loop(lender, CreditApplicantEncoder.Instance, applicants);
        Action<int> mapped = Loop(lender, functions, applicants);
        yield return Compare("generated encoder vs a dictionary for each row, nanoseconds", generated, baseline, 5);
        double bytes = PairedTimer.CountBytes(generated);
        yield return new Comparison("generated encoder, bytes per row vs a dictionary for each row", bytes, PairedTimer.CountBytes(baseline), bytes, "0 bytes", bytes == 0);
        yield return Compare("generated encoder vs dictionaries that are there already, nanoseconds", generated, premade, null);
        yield return Compare("run-time encoder of functions vs a dictionary for each row, nanoseconds", mapped, baseline, null);
        bytes = PairedTimer.CountBytes(mapped);
        yield return new Comparison("run-time encoder of functions, bytes per row vs a dictionary for each row", bytes, PairedTimer.CountBytes(baseline), bytes, "0 bytes", bytes == 0);
    }

    private static Comparison Compare(string name, Action<int> ours, Action<int> baseline, double? bar)
    {
        (double a, double b, double ratio) = PairedTimer.Measure(ours, baseline);
        return new Comparison(name, a, b, 1 / ratio, bar is null ? "none" : FormattableString.Invariant($"at least {bar:0.0}"), bar is null || 1 / ratio >= bar);
    }

    private static float[] Encode(MemoryLender lender, IInputEncoder<CreditApplicant> encoder, CreditApplicant applicant)
    {
        lender.Encode(encoder, applicant);
        return lender.Read();
    }

    private static Action<int> Loop<T>(MemoryLender lender, IInputEncoder<T> encoder, T[] rows) => count =>
    {
        // Many different rows, as they come: one alone would teach the branch predictor its answers.
        for (int i = 0; i < count; i++)
        {
            lender.Encode(encoder, rows[i % rows.Length]);
        }
    };

    private static CreditApplicant Read(string line)
    {
        string[] row = line.Split(',');
        double[] numbers = [.. row[1..8].Select(static x => double.Parse(x, CultureInfo.InvariantCulture))];
        return new CreditApplicant(
            row[0], numbers[0], numbers[1], numbers[2], numbers[3], numbers[4], numbers[5], numbers[6], row[8] == "1", row[9] == "1",
            row[10], row[11], row[12], row[13], row[14], row[15], row[16], row[17], row[18], row[19], row[20], row[21]);
    }
}
