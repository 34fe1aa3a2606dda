namespace RealtimeInference.Redis;

/// <summary>Which rows of a Feast feature store a <see cref="FeastRedisStore"/> reads.</summary>
/// <remarks>Copied when the store is made: later changes have no effect.</remarks>
public sealed class FeastRedisStoreOptions : RedisStoreOptions
{
    /// <summary>Gets or sets the name of the Feast project: <c>project</c> in <c>feature_store.yaml</c>.</summary>
    /// <value>Must be set.</value>
    public string Project { get; set; } = "";

    /// <summary>Gets or sets the version of Feast's entity keys: <c>entity_key_serialization_version</c> in <c>feature_store.yaml</c>.</summary>
    /// <value>3 by default, as in Feast; 2 for stores that were filled before.</value>
    public int EntityKeyVersion { get; set; } = 3;

    /// <summary>Gets the join keys of each kind of entity, by <see cref="FeatureView.Entity"/>.</summary>
    /// <value>
    /// Empty by default: one is needed for each kind that is read. Where there are several, an <see cref="EntityKey"/> has their
    /// values in this order, with <see cref="KeySeparator"/> between; in Redis they are sorted by name, which the store does.
    /// </value>
    public IDictionary<string, IReadOnlyList<FeastJoinKey>> JoinKeys { get; private set; } =
        new Dictionary<string, IReadOnlyList<FeastJoinKey>>(StringComparer.Ordinal);

    /// <summary>Gets or sets what stands between the values of several join keys in an <see cref="EntityKey"/>.</summary>
    /// <value><c>|</c> by default. A value that has it in it cannot be looked up.</value>
    public char KeySeparator { get; set; } = '|';

    /// <summary>Gets the names that views have in Feast, by <see cref="FeatureView.Name"/>, where they differ.</summary>
    /// <value>Empty by default. With Feast's versioned views, the name with its version, such as <c>driver_stats_v3</c>.</value>
    public IDictionary<string, string> ViewNames { get; private set; } = new Dictionary<string, string>(StringComparer.Ordinal);

    /// <summary>Adds the join keys of one kind of entity.</summary>
    /// <param name="entity">The kind, as <see cref="FeatureView.Entity"/> has it.</param>
    /// <param name="joinKeys">The join keys, in the order in which an <see cref="EntityKey"/> has their values.</param>
    /// <returns>The options.</returns>
    public FeastRedisStoreOptions AddEntity(string entity, params IReadOnlyList<FeastJoinKey> joinKeys)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(entity);
        ArgumentNullException.ThrowIfNull(joinKeys);
        JoinKeys[entity] = [.. joinKeys];
        return this;
    }

    internal FeastRedisStoreOptions Copy()
    {
        var copy = (FeastRedisStoreOptions)CopyBase();
        copy.JoinKeys = new Dictionary<string, IReadOnlyList<FeastJoinKey>>(JoinKeys, StringComparer.Ordinal);
        copy.ViewNames = new Dictionary<string, string>(ViewNames, StringComparer.Ordinal);
        return copy;
    }

    internal override IEnumerable<string> GetFaults()
    {
        foreach (string fault in base.GetFaults())
        {
            yield return fault;
        }

        if (string.IsNullOrWhiteSpace(Project))
        {
            yield return $"{nameof(Project)} is missing: the name in feature_store.yaml.";
        }

        if (EntityKeyVersion is not (2 or 3))
        {
            yield return $"{nameof(EntityKeyVersion)} is {EntityKeyVersion}: 2 or 3.";
        }

        if (JoinKeys.Count == 0)
        {
            yield return $"{nameof(JoinKeys)} is empty: the join keys of at least one kind of entity.";
        }

        foreach ((string entity, IReadOnlyList<FeastJoinKey> joinKeys) in JoinKeys)
        {
            if (joinKeys is not { Count: > 0 })
            {
                yield return $"The entity '{entity}' has no join keys: at least one.";
            }
            else if (joinKeys.Any(static j => string.IsNullOrEmpty(j.Name) || !Enum.IsDefined(j.Type)))
            {
                yield return $"The entity '{entity}' has a join key without a name, or of no type that can be a key.";
            }
            else if (joinKeys.DistinctBy(static j => j.Name, StringComparer.Ordinal).Count() != joinKeys.Count)
            {
                yield return $"The entity '{entity}' has two join keys of the same name.";
            }
        }
    }
}
