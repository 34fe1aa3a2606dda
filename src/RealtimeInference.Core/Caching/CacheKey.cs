namespace RealtimeInference;

/// <summary>A key as a memory cache holds it: an object, made once for each prediction that is stored.</summary>
/// <remarks>
/// A look-up must make none, so each thread has one to ask with, which is filled for the time of the look-up and never stored.
/// </remarks>
internal sealed class CacheKey<TKey> : IEquatable<CacheKey<TKey>>
{
    [ThreadStatic]
    private static CacheKey<TKey>? t_probe;

    // Several predictors may share a memory cache.
    private object? _owner;
    private ModelVersions? _versions;
    private TKey _value;
    private int _hash;

    public CacheKey(object owner, ModelVersions versions, TKey value)
    {
        _value = value;
        Set(owner, versions, value);
    }

    private CacheKey() => _value = default!;

    public TKey Value => _value;

    public ModelVersions Versions => _versions!;

    /// <summary>Takes this thread's key to ask with. <see cref="Return"/> it.</summary>
    public static CacheKey<TKey> Rent(object owner, ModelVersions versions, TKey value)
    {
        // Taken out meanwhile: comparing keys of the user's own may lead to another look-up.
        CacheKey<TKey> probe = t_probe ?? new CacheKey<TKey>();
        t_probe = null;
        probe.Set(owner, versions, value);
        return probe;
    }

    public void Return()
    {
        _owner = null;
        _versions = null;
        _value = default!;
        t_probe = this;
    }

    public bool Equals(CacheKey<TKey>? other) =>
        ReferenceEquals(this, other)
        || (other is not null
            && _hash == other._hash
            && ReferenceEquals(_owner, other._owner)
            && EqualityComparer<TKey>.Default.Equals(_value, other._value)
            && (ReferenceEquals(_versions, other._versions) || _versions!.Equals(other._versions)));

    public override bool Equals(object? obj) => Equals(obj as CacheKey<TKey>);

    public override int GetHashCode() => _hash;

    private void Set(object owner, ModelVersions versions, TKey value)
    {
        _owner = owner;
        _versions = versions;
        _value = value;
        _hash = EqualityComparer<TKey>.Default.GetHashCode(value!) ^ versions.GetHashCode();
    }
}
