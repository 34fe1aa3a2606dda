namespace RealtimeInference;

/// <summary>What a prediction knows about one row that it looked up, or about one field of it that was not to be had.</summary>
public readonly struct FeatureUse : IEquatable<FeatureUse>
{
    internal FeatureUse(FeatureView view, EntityKey key, FeatureField? field, FeatureDefaultReason reason, TimeSpan? age, Exception? error)
    {
        View = view;
        Key = key;
        Field = field;
        Reason = reason;
        Age = age;
        Error = error;
    }

    /// <summary>Gets the view.</summary>
    public FeatureView View { get; }

    /// <summary>Gets whose row it is; empty where the request named nobody.</summary>
    public EntityKey Key { get; }

    /// <summary>Gets the field that has its default while others of the row do not.</summary>
    /// <value><see langword="null"/> for the row as a whole.</value>
    public FeatureField? Field { get; }

    /// <summary>Gets why the row, or the field, has defaults.</summary>
    /// <value><see cref="FeatureDefaultReason.None"/> for a row that was found.</value>
    public FeatureDefaultReason Reason { get; }

    /// <summary>Gets how old the row was when it was looked up, also one that is too old.</summary>
    /// <value><see langword="null"/> where there is no row, or its age is not known.</value>
    public TimeSpan? Age { get; }

    /// <summary>Gets the error of the store.</summary>
    public Exception? Error { get; }

    /// <summary>Gets whether defaults stand in.</summary>
    public bool IsDefaulted => Reason != FeatureDefaultReason.None;

    /// <summary>Compares two uses.</summary>
    /// <param name="left">One.</param>
    /// <param name="right">The other.</param>
    /// <returns>Whether they are equal.</returns>
    public static bool operator ==(FeatureUse left, FeatureUse right) => left.Equals(right);

    /// <summary>Compares two uses.</summary>
    /// <param name="left">One.</param>
    /// <param name="right">The other.</param>
    /// <returns>Whether they differ.</returns>
    public static bool operator !=(FeatureUse left, FeatureUse right) => !left.Equals(right);

    /// <inheritdoc/>
    public bool Equals(FeatureUse other) =>
        View == other.View && Key == other.Key && Field == other.Field && Reason == other.Reason && Age == other.Age && Error == other.Error;

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is FeatureUse other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(View, Key, Field, Reason);

    /// <inheritdoc/>
    public override string ToString() =>
        $"{View?.Name}[{Key}]{(Field is null ? "" : $".{Field.Name}")}: {(IsDefaulted ? $"default, {Reason}" : $"age {Age?.ToString() ?? "unknown"}")}";
}
