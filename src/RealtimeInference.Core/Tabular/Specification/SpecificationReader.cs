namespace RealtimeInference;

/// <summary>Reads a specification from JSON: all of it, whatever is wrong on the way, so that every fault is found at once.</summary>
internal sealed class SpecificationReader
{
    private readonly List<SpecificationFault> _faults = [];

    private SpecificationReader()
    {
    }

    /// <summary>Reads the text.</summary>
    /// <returns>The plan; <see langword="null"/> where there are faults.</returns>
    public static (SpecificationPlan? Plan, IReadOnlyList<SpecificationFault> Faults) Read(string text)
    {
        var reader = new SpecificationReader();
        JsonValue root;
        try
        {
            root = JsonParser.Parse(text);
        }
        catch (JsonFormatException exception)
        {
            return (null, [new SpecificationFault("", exception.Position, $"not JSON: {exception.Message}")]);
        }

        SpecificationPlan? plan = reader.ReadRoot(root);
        return (reader._faults.Count == 0 ? plan : null, [.. reader._faults.OrderBy(static f => f.Position.Offset)]);
    }

    private SpecificationPlan? ReadRoot(JsonValue root)
    {
        if (!IsKind(root, JsonKind.Object, "", "an object with \"inputs\" or \"tensors\""))
        {
            return null;
        }

        var tensors = new List<(TensorPlan Plan, JsonValue Json, List<JsonValue> Features)>();
        if (Find(root, "tensors") is { } list)
        {
            RefuseOthers(root, "", ["tensors", "description"]);
            if (IsKind(list, JsonKind.Array, "tensors", "an array of tensors"))
            {
                for (int i = 0; i < list.Items.Count; i++)
                {
                    string path = $"tensors[{i}]";
                    if (IsKind(list.Items[i], JsonKind.Object, path, "an object with \"name\" and \"inputs\""))
                    {
                        RefuseOthers(list.Items[i], path, ["name", "type", "inputs", "description"]);
                        tensors.Add(ReadTensor(list.Items[i], path + ".", "name"));
                    }
                }

                if (list.Items.Count == 0)
                {
                    Add(list, "tensors", "found none, expected at least one tensor");
                }
            }
        }
        else
        {
            RefuseOthers(root, "", ["tensor", "type", "inputs", "description"]);
            tensors.Add(ReadTensor(root, "", "tensor"));
        }

        return _faults.Count == 0 ? CheckWhole(tensors) : null;
    }

    private SpecificationPlan CheckWhole(List<(TensorPlan Plan, JsonValue Json, List<JsonValue> Features)> tensors)
    {
        var plan = new SpecificationPlan(new EquatableArray<TensorPlan>(tensors.Select(static t => t.Plan)));
        foreach ((int tensor, int feature, string message) in plan.Check())
        {
            string prefix = tensors[tensor].Json.Members.Exists(static m => m.Name == "tensors") || tensors.Count > 1 ? $"tensors[{tensor}]" : "";
            if (feature < 0)
            {
                Add(tensors[tensor].Json, prefix, message);
            }
            else
            {
                Add(tensors[tensor].Features[feature], $"{prefix}{(prefix.Length == 0 ? "" : ".")}inputs[{feature}]", message);
            }
        }

        return plan;
    }

    private (TensorPlan Plan, JsonValue Json, List<JsonValue> Features) ReadTensor(JsonValue json, string prefix, string nameField)
    {
        string name = TensorPlan.DefaultName;
        if (Find(json, nameField) is { } given)
        {
            if (given.Kind != JsonKind.Text || given.Text.Length == 0)
            {
                Add(given, prefix + nameField, $"found {given.Describe()}, expected the name of an input of the model");
            }
            else
            {
                name = given.Text;
            }
        }
        else if (nameField == "name")
        {
            Add(json, prefix.TrimEnd('.'), "\"name\" is missing, expected the name of an input of the model");
        }

        bool isInt64 = false;
        if (Find(json, "type") is { } type)
        {
            isInt64 = type is { Kind: JsonKind.Text, Text: "int64" };
            if (!isInt64 && type is not { Kind: JsonKind.Text, Text: "float32" })
            {
                Add(type, prefix + "type", $"found {type.Describe()}, expected \"float32\" or \"int64\"");
            }
        }

        var features = new List<FeaturePlan>();
        var items = new List<JsonValue>();
        if (Find(json, "inputs") is not { } inputs)
        {
            Add(json, prefix.TrimEnd('.'), "\"inputs\" is missing, expected an array of features");
        }
        else if (IsKind(inputs, JsonKind.Array, prefix + "inputs", "an array of features"))
        {
            for (int i = 0; i < inputs.Items.Count; i++)
            {
                if (FeatureReader.Read(inputs.Items[i], $"{prefix}inputs[{i}]", _faults) is { } feature)
                {
                    features.Add(feature);
                    items.Add(inputs.Items[i]);
                }
            }
        }

        return (new TensorPlan(name, isInt64, new EquatableArray<FeaturePlan>(features)), json, items);
    }

    private void RefuseOthers(JsonValue json, string path, string[] known)
    {
        foreach (JsonMember member in json.Members.Where(m => !known.Contains(m.Name)))
        {
            _faults.Add(new SpecificationFault(
                path.Length == 0 ? member.Name : $"{path}.{member.Name}", member.Position, $"unknown, expected {FieldReader.Words(known)}"));
        }
    }

    private static JsonValue? Find(JsonValue json, string name) => json.Members.Find(m => m.Name == name)?.Value;

    private bool IsKind(JsonValue value, JsonKind kind, string path, string expected)
    {
        if (value.Kind == kind)
        {
            return true;
        }

        Add(value, path, $"found {value.Describe()}, expected {expected}");
        return false;
    }

    private void Add(JsonValue value, string path, string message) => _faults.Add(new SpecificationFault(path, value.Position, message));
}
