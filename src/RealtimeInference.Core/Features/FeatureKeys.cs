namespace RealtimeInference;

/// <summary>Takes the keys of the entities that one request asks for. Valid only during the call that was given it.</summary>
public readonly ref struct FeatureKeys
{
    private readonly FeatureLookup _lookup;
    private readonly int _part;

    internal FeatureKeys(FeatureLookup lookup, int part)
    {
        _lookup = lookup;
        _part = part;
    }

    /// <summary>Asks for one more entity; its row comes in this order.</summary>
    /// <param name="key">The key; an empty one gets a row that is missing.</param>
    public void Add(EntityKey key) => _lookup.Add(_part, key);
}
