namespace RealtimeInference;

/// <summary>Reads one feature from JSON: the kinds of its fields here, their meaning in <see cref="FeatureBuilder"/>.</summary>
internal static class FeatureReader
{
    private static readonly string[] s_known =
    [
        "name", "type", "transform", "mean", "std", "min", "max", "clip", "boundaries", "encoding", "categories", "buckets", "seed", "unknown",
        "parts", "cyclical", "missing", "default", "description",
    ];

    /// <summary>Reads the feature.</summary>
    /// <returns>The plan; <see langword="null"/> where faults were added.</returns>
    public static FeaturePlan? Read(JsonValue json, string path, List<SpecificationFault> faults)
    {
        if (json.Kind != JsonKind.Object)
        {
            faults.Add(new SpecificationFault(path, json.Position, $"found {json.Describe()}, expected an object with \"name\" and \"type\""));
            return null;
        }

        var fields = new FeatureFields();
        var wrong = new HashSet<string>();
        string? name = null;
        foreach (JsonMember member in json.Members)
        {
            if (ReadField(member, fields) is { } fault)
            {
                wrong.Add(member.Name);
                faults.Add(new SpecificationFault($"{path}.{member.Name}", member.Value.Position, fault));
            }
            else if (member.Name == "name")
            {
                name = member.Value.Text;
            }
        }

        if (name is null && wrong.Add("name"))
        {
            faults.Add(new SpecificationFault(path, json.Position, "\"name\" is missing, expected that of a column"));
        }

        (FeaturePlan? plan, IReadOnlyList<(string Field, string Message)> found) = FeatureBuilder.Build(name ?? "?", fields);
        foreach ((string field, string message) in found)
        {
            string member = field.StartsWith("clip", StringComparison.Ordinal) ? "clip" : field;
            if (!wrong.Contains(member))
            {
                JsonPosition position = json.Members.Find(m => m.Name == member)?.Value.Position ?? json.Position;
                faults.Add(new SpecificationFault($"{path}.{member}", position, message + (name is null ? "" : $" (feature '{name}')")));
            }
        }

        return wrong.Count == 0 ? plan : null;
    }

    private static string? ReadField(JsonMember member, FeatureFields fields)
    {
        JsonValue value = member.Value;
        switch (member.Name)
        {
            case "name" or "description":
                return value.Kind == JsonKind.Text ? null : $"found {value.Describe()}, expected a text";
            case "type" or "transform" or "encoding" or "unknown" or "missing":
                fields[member.Name] = value.Text;
                return value.Kind == JsonKind.Text ? null : $"found {value.Describe()}, expected a text";
            case "mean" or "std" or "min" or "max" or "buckets" or "seed":
                fields[member.Name] = value.Number;
                return value.Kind == JsonKind.Number ? null : $"found {value.Describe()}, expected a number";
            case "cyclical":
                fields[member.Name] = value.Boolean;
                return value.Kind == JsonKind.Boolean ? null : $"found {value.Describe()}, expected true or false";
            case "boundaries":
                fields[member.Name] = value.Items.ConvertAll(static i => i.Number);
                return ListFault(value, JsonKind.Number, "numbers");
            case "categories" or "parts":
                fields[member.Name] = value.Items.ConvertAll(static i => i.Text);
                return ListFault(value, JsonKind.Text, "texts");
            case "clip":
                return ReadClip(value, fields);
            case "default":
                fields[member.Name] = value.Kind switch
                {
                    JsonKind.Number => value.Number,
                    JsonKind.Boolean => value.Boolean,
                    _ => value.Text,
                };
                return value.Kind is JsonKind.Number or JsonKind.Boolean or JsonKind.Text ? null : $"found {value.Describe()}, expected a value";
            default:
                return $"unknown, expected {FieldReader.Words(s_known)}";
        }
    }

    private static string? ListFault(JsonValue value, JsonKind kind, string what) =>
        value.Kind != JsonKind.Array ? $"found {value.Describe()}, expected an array of {what}"
        : value.Items.Find(i => i.Kind != kind) is { } other ? $"found {other.Describe()} in it, expected only {what}"
        : null;

    private static string? ReadClip(JsonValue value, FeatureFields fields)
    {
        const string Expected = "expected the lowest and the highest value, [0, 100], either of them null for none";
        if (value.Kind != JsonKind.Array || value.Items.Count != 2)
        {
            return $"found {value.Describe()}{(value.Kind == JsonKind.Array ? $" of {value.Items.Count}" : "")}, {Expected}";
        }

        for (int i = 0; i < 2; i++)
        {
            if (value.Items[i].Kind == JsonKind.Number)
            {
                fields[i == 0 ? "clip-min" : "clip-max"] = value.Items[i].Number;
            }
            else if (value.Items[i].Kind != JsonKind.Null)
            {
                return $"found {value.Items[i].Describe()} in it, {Expected}";
            }
        }

        return null;
    }
}
