namespace RealtimeInference;

/// <summary>A feature as its author wrote it, in a file or in attributes: nothing is checked, and what was not written is null.</summary>
internal sealed class FeatureFields
{
    private readonly Dictionary<string, object> _values = [];

    public IEnumerable<string> Given => _values.Keys;

    public object? this[string field]
    {
        get => _values.TryGetValue(field, out object? value) ? value : null;
        set => _values[field] = value!;
    }

    public bool Has(string field) => _values.ContainsKey(field);
}
