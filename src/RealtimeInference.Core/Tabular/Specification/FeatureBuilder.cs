namespace RealtimeInference;

/// <summary>Makes a plan of what an author wrote: what a feature may say is decided here, for files and attributes alike.</summary>
internal static class FeatureBuilder
{
    /// <summary>Makes the plan, or says all that is wrong: each fault with the field that it is about.</summary>
    public static (FeaturePlan? Plan, IReadOnlyList<(string Field, string Message)> Faults) Build(string name, FeatureFields fields)
    {
        var reader = new FieldReader(fields);
        if (name.Length == 0)
        {
            reader.Add("name", "found an empty name, expected that of a column");
        }

        string what = "";
        FeaturePlan? plan = reader.Choice("type", ["number", "boolean", "category", "date"]) switch
        {
            "number" => BuildNumber(name, reader, out what),
            "boolean" => BuildBoolean(name, reader, out what),
            "category" => CategoryBuilder.Build(name, reader, out what),
            "date" => BuildDate(name, reader, out what),
            _ => null,
        };
        if (plan is not null)
        {
            reader.RefuseUnused(what);
        }

        return (reader.Faults.Count == 0 ? plan : null, reader.Faults);
    }

    private static FeaturePlan BuildNumber(string name, FieldReader reader, out string what)
    {
        string transform = reader.Has("transform")
            ? reader.Choice("transform", ["none", "standardize", "minmax", "log1p", "bucket"]) ?? "none"
            : reader.Has("mean") || reader.Has("std") ? "standardize"
            : reader.Has("min") || reader.Has("max") ? "minmax"
            : reader.Has("boundaries") ? "bucket"
            : "none";
        what = $"number with the transform '{transform}'";
        if (transform == "bucket")
        {
            return BuildBucket(name, reader);
        }

        double mean = 0;
        double std = 1;
        if (transform == "standardize" || (transform == "log1p" && (reader.Has("mean") || reader.Has("std"))))
        {
            mean = reader.Number("mean") ?? 0;
            std = reader.Number("std") ?? 1;
            if (!(std > 0))
            {
                reader.Add("std", $"found {FieldReader.Show(std)}, expected a number above 0; a column that never changes tells a model nothing, leave it out");
            }
        }

        double min = 0;
        double max = 1;
        if (transform == "minmax")
        {
            min = reader.Number("min") ?? 0;
            max = reader.Number("max") ?? min + 1;
            if (!(max > min))
            {
                reader.Add("max", $"found {FieldReader.Show(max)}, expected a number above the min, {FieldReader.Show(min)}");
            }
        }

        double? clipMin = reader.Optional("clip-min");
        double? clipMax = reader.Optional("clip-max");
        if (clipMin > clipMax)
        {
            reader.Add("clip-max", $"found {FieldReader.Show(clipMax)}, expected at least the lower bound, {FieldReader.Show(clipMin)}");
        }

        NumberTransform kind = transform switch
        {
            "standardize" => NumberTransform.Standardize,
            "minmax" => NumberTransform.MinMax,
            "log1p" => NumberTransform.Log1p,
            _ => NumberTransform.None,
        };
        double? replacement = reader.Optional("default");
        return new NumberPlan(name, reader.Missing(canBeZero: true), kind, mean, std, min, max, clipMin, clipMax, replacement);
    }

    private static BucketPlan BuildBucket(string name, FieldReader reader)
    {
        IReadOnlyList<double> boundaries = reader.List<double>("boundaries");
        if (boundaries.Count == 0)
        {
            reader.Add("boundaries", "found none, expected at least one number");
        }

        for (int i = 0; i < boundaries.Count; i++)
        {
            if (double.IsNaN(boundaries[i]) || double.IsInfinity(boundaries[i]))
            {
                reader.Add("boundaries", $"found {FieldReader.Show(boundaries[i])}, expected finite numbers");
            }
            else if (i > 0 && !(boundaries[i] > boundaries[i - 1]))
            {
                reader.Add("boundaries", $"found {FieldReader.Show(boundaries[i])} after {FieldReader.Show(boundaries[i - 1])}, expected each to be above the one before it");
            }
        }

        bool isOrdinal = reader.Choice("encoding", ["one-hot", "ordinal"], "one-hot") == "ordinal";
        double? replacement = reader.Optional("default");
        return new BucketPlan(name, reader.Missing(canBeZero: !isOrdinal), new EquatableArray<double>(boundaries), isOrdinal, replacement);
    }

    private static BooleanPlan BuildBoolean(string name, FieldReader reader, out string what)
    {
        what = "boolean";
        if (reader.Has("default") && reader["default"] is not bool)
        {
            reader.Add("default", $"found {reader["default"]}, expected true or false");
        }

        return new BooleanPlan(name, reader.Missing(canBeZero: true), reader["default"] as bool?);
    }

    private static DatePlan BuildDate(string name, FieldReader reader, out string what)
    {
        what = "date";
        bool isCyclical = reader["cyclical"] as bool? ?? false;
        IReadOnlyList<string> words = reader.List<string>("parts");
        if (words.Count == 0)
        {
            reader.Add("parts", $"found none, expected some of {FieldReader.Words(DatePartName.All.Select(static p => p.Word))}");
        }

        var parts = new List<DatePartName>();
        foreach (string word in words)
        {
            DatePartName? part = DatePartName.All.FirstOrDefault(p => p.Word == word);
            if (part is null)
            {
                reader.Add("parts", $"found '{word}', expected {FieldReader.Words(DatePartName.All.Select(static p => p.Word))}");
            }
            else if (parts.Contains(part))
            {
                reader.Add("parts", $"found '{word}' twice, expected each once");
            }
            else if (isCyclical && part.Period == 0)
            {
                reader.Add("parts", $"found '{word}', which never comes back and so has no sine and cosine; make it a feature of its own");
            }
            else
            {
                parts.Add(part);
            }
        }

        return new DatePlan(name, reader.Missing(canBeZero: true, canHaveDefault: false), new EquatableArray<DatePartName>(parts), isCyclical);
    }
}
