using System.Runtime.CompilerServices;

namespace RealtimeInference;

/// <summary>One entity's row of one view, as the key of a table in this process.</summary>
internal readonly struct FeatureRowKey(FeatureView view, EntityKey key) : IEquatable<FeatureRowKey>
{
    public FeatureView View { get; } = view;

    public EntityKey Key { get; } = key;

    public bool Equals(FeatureRowKey other) => ReferenceEquals(View, other.View) && Key.Equals(other.Key);

    public override bool Equals(object? obj) => obj is FeatureRowKey other && Equals(other);

    public override int GetHashCode() => Key.GetHashCode() ^ (RuntimeHelpers.GetHashCode(View) * 397);
}
