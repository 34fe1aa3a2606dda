namespace RealtimeInference;

/// <summary>Says which features a request needs: all of them are read together.</summary>
/// <typeparam name="T">The type of the value that names the entities.</typeparam>
public sealed class FeatureLookupBuilder<T>
{
    private readonly List<FeatureLookupPart<T>> _parts = [];

    internal FeatureLookupBuilder()
    {
    }

    /// <summary>Adds the row of one entity. The same view may be added again, for another entity.</summary>
    /// <param name="view">The view.</param>
    /// <param name="getKey">Names the entity; thread-safe. An empty key has a row that is missing.</param>
    /// <returns>The same builder.</returns>
    public FeatureLookupBuilder<T> Add(FeatureView view, Func<T, EntityKey> getKey)
    {
        ArgumentNullException.ThrowIfNull(view);
        ArgumentNullException.ThrowIfNull(getKey);
        _parts.Add(new FeatureLookupPart<T>(view, getKey, null));
        return this;
    }

    /// <summary>Adds the rows of several entities, such as the candidates of a ranking.</summary>
    /// <param name="view">The view.</param>
    /// <param name="addKeys">Names the entities; thread-safe.</param>
    /// <returns>The same builder.</returns>
    public FeatureLookupBuilder<T> AddMany(FeatureView view, Action<T, FeatureKeys> addKeys)
    {
        ArgumentNullException.ThrowIfNull(view);
        ArgumentNullException.ThrowIfNull(addKeys);
        _parts.Add(new FeatureLookupPart<T>(view, null, addKeys));
        return this;
    }

    internal FeatureLookupPart<T>[] ToParts() => _parts.Count > 0
        ? [.. _parts]
        : throw new ArgumentException("The lookup asks for no features: add at least one view.");
}

/// <summary>A view of a lookup, and whose rows of it a request needs: one or several.</summary>
internal sealed record FeatureLookupPart<T>(FeatureView View, Func<T, EntityKey>? GetKey, Action<T, FeatureKeys>? AddKeys);
