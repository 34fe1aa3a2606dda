using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace RealtimeInference;

/// <summary>
/// What a specification means, as a text that is the same however it was written down, and the hash of that text.
/// docs/tabular.md describes it, and docs/features_hash.py makes it in Python: all three change together.
/// </summary>
internal static class CanonicalForm
{
    public static string Hash(SpecificationPlan plan)
    {
        using var sha = SHA256.Create();
#pragma warning disable CA1850 // The one-line form does not exist where the source generator runs.
        byte[] hash = sha.ComputeHash(Encoding.UTF8.GetBytes(Write(plan)));
#pragma warning restore CA1850
        var text = new StringBuilder();
        foreach (byte b in hash)
        {
            text.Append(b.ToString("x2", CultureInfo.InvariantCulture));
        }

        return text.ToString();
    }

    public static string Write(SpecificationPlan plan)
    {
        var text = new StringBuilder("realtimeinference features 1\n");
        foreach (TensorPlan tensor in plan.Tensors)
        {
            Line(text, "tensor", Text(tensor.Name), tensor.ElementType);
            foreach (FeaturePlan feature in tensor.Features)
            {
                Line(text, [Text(feature.Name), .. Describe(feature), "missing", Word(feature.Missing)]);
            }
        }

        return text.ToString();
    }

    private static IEnumerable<string> Describe(FeaturePlan feature) => feature switch
    {
        NumberPlan n => ["number", .. Transform(n), "clip", Number(n.ClipMin), Number(n.ClipMax), "default", Number(n.Default)],
        BucketPlan b =>
            ["bucket", b.IsOrdinal ? "ordinal" : "one-hot", Count(b.Boundaries.Count), .. b.Boundaries.Select(static x => Number(x)), "default", Number(b.Default)],
        BooleanPlan b => ["boolean", "default", b.Default is { } value ? value ? "true" : "false" : "-"],
        CategoryPlan c =>
        [
            "category", c.IsOrdinal ? "ordinal" : "one-hot", Count(c.Categories.Count), .. c.Categories.Select(static x => Text(x)),
            "unknown", c.Unknown switch { UnknownRule.Own => "own", UnknownRule.AllZero => "all-zero", _ => "fail" },
            "default", c.Default is null ? "-" : Text(c.Default),
        ],
        HashPlan h =>
        [
            h.IsOneHot ? "hash-one-hot" : "hash", Count(h.Buckets), h.Seed.ToString(CultureInfo.InvariantCulture),
            "default", h.Default is null ? "-" : Text(h.Default),
        ],
        DatePlan d => ["date", d.IsCyclical ? "cyclical" : "plain", Count(d.Parts.Count), .. d.Parts.Select(static p => p.Word)],
        _ => throw new ArgumentOutOfRangeException(nameof(feature), feature.Type, "Not a feature."),
    };

    private static IEnumerable<string> Transform(NumberPlan number) => number.Transform switch
    {
        NumberTransform.Standardize => ["standardize", Number(number.Mean), Number(number.Std)],
        NumberTransform.MinMax => ["minmax", Number(number.Min), Number(number.Max)],
        NumberTransform.Log1p => ["log1p", Number(number.Mean), Number(number.Std)],
        _ => ["none"],
    };

    private static string Word(MissingRule rule) => rule switch
    {
        MissingRule.AllZero => "all-zero",
        MissingRule.Default => "default",
        MissingRule.Indicator => "indicator",
        MissingRule.Unknown => "unknown",
        _ => "fail",
    };

    private static string Count(int count) => count.ToString(CultureInfo.InvariantCulture);

    // The length in bytes first: no character needs an escape.
    private static string Text(string text) => $"{Encoding.UTF8.GetByteCount(text).ToString(CultureInfo.InvariantCulture)}:{text}";

    // The bits: no two ways to write a number down. A zero has one sign.
    private static string Number(double? number) =>
        number is { } x ? BitConverter.DoubleToInt64Bits(x == 0 ? 0 : x).ToString("x16", CultureInfo.InvariantCulture) : "-";

    private static void Line(StringBuilder text, params string[] words) => text.Append(string.Join(" ", words)).Append('\n');
}
