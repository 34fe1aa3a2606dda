namespace RealtimeInference;

/// <summary>Makes the plan of a category: what <see cref="FeatureBuilder"/> is for the others.</summary>
internal static class CategoryBuilder
{
    /// <summary>As many as a float counts without a gap.</summary>
    public const int MaxBuckets = 1 << 24;

    public static FeaturePlan Build(string name, FieldReader reader, out string what)
    {
        string encoding = reader.Choice("encoding", ["one-hot", "ordinal", "hash", "hash-one-hot"], "one-hot") ?? "one-hot";
        what = $"category with the encoding '{encoding}'";
        string? replacement = null;
        if (reader.Has("default"))
        {
            replacement = reader["default"] as string;
            if (string.IsNullOrEmpty(replacement))
            {
                reader.Add("default", "expected a text that is not empty");
            }
        }

        if (encoding.StartsWith("hash", StringComparison.Ordinal))
        {
            double buckets = reader.Number("buckets") ?? 1;
            if (buckets < 1 || buckets > MaxBuckets || buckets != Math.Floor(buckets))
            {
                reader.Add("buckets", $"found {FieldReader.Show(buckets)}, expected a whole number from 1 to {MaxBuckets}");
            }

            double seed = reader.Has("seed") ? reader.Number("seed") ?? 0 : 0;
            if (seed < 0 || seed > uint.MaxValue || seed != Math.Floor(seed))
            {
                reader.Add("seed", $"found {FieldReader.Show(seed)}, expected a whole number from 0 to {uint.MaxValue}");
            }

            bool isOneHot = encoding == "hash-one-hot";
            MissingRule missing = reader.Missing(canBeZero: isOneHot);
            return new HashPlan(name, missing, (int)Math.Min(Math.Max(buckets, 1), MaxBuckets), (uint)Math.Min(Math.Max(seed, 0), uint.MaxValue), isOneHot, replacement);
        }

        IReadOnlyList<string> categories = reader.List<string>("categories");
        CheckCategories(categories, reader);
        bool isOrdinal = encoding == "ordinal";
        string? unknown = reader.Choice("unknown", isOrdinal ? ["fail", "own"] : ["fail", "all-zero", "own"], "fail");
        UnknownRule rule = unknown == "own" ? UnknownRule.Own : unknown == "all-zero" ? UnknownRule.AllZero : UnknownRule.Fail;
        if (!string.IsNullOrEmpty(replacement) && !categories.Contains(replacement!))
        {
            reader.Add("default", $"found '{replacement}', expected one of the categories");
        }

        MissingRule missingRule = reader.Missing(canBeZero: !isOrdinal, canBeUnknown: true);
        if (missingRule == MissingRule.Unknown && rule == UnknownRule.Fail)
        {
            reader.Add("missing", "found 'unknown', but an unknown category fails; say \"fail\" here too, or what becomes of an unknown one");
        }

        return new CategoryPlan(name, missingRule, new EquatableArray<string>(categories), isOrdinal, rule, replacement);
    }

    private static void CheckCategories(IReadOnlyList<string> categories, FieldReader reader)
    {
        if (categories.Count == 0)
        {
            reader.Add("categories", "found none, expected at least one");
        }

        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (string category in categories)
        {
            if (string.IsNullOrEmpty(category))
            {
                reader.Add("categories", "found an empty one; an empty text is a missing value, see \"missing\"");
            }
            else if (!seen.Add(category))
            {
                reader.Add("categories", $"found '{category}' twice, expected each once");
            }
        }
    }
}
