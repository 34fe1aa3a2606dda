namespace RealtimeInference;

/// <summary>One feature of a view: its name, type and default. Immutable but for the view, which is set once.</summary>
/// <remarks>Declare fields as <see cref="FeatureField{T}"/> or <see cref="FeatureVectorField"/>, in front of the view that lists them.</remarks>
public abstract class FeatureField
{
    private FeatureView? _view;

    private protected FeatureField(string name, FeatureType type, string? description)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        Name = name;
        Type = type;
        Description = description;
    }

    /// <summary>Gets the name, unique in its view; case-sensitive.</summary>
    public string Name { get; }

    /// <summary>Gets what the values are.</summary>
    public FeatureType Type { get; }

    /// <summary>Gets what the feature means, for people.</summary>
    public string? Description { get; }

    /// <summary>Gets the view that lists this field.</summary>
    /// <value><see langword="null"/> until that view is made.</value>
    public FeatureView? View => _view;

    /// <summary>Gets the position in the view's <see cref="FeatureView.Fields"/>.</summary>
    /// <value>-1 until the view is made.</value>
    public int Ordinal { get; private set; } = -1;

    /// <summary>Gets what stands in for a value that is missing, as an object: for tools, not for the way of a prediction.</summary>
    /// <returns>The default; a copy where it is a vector.</returns>
    public abstract object GetDefault();

    /// <inheritdoc/>
    public override string ToString() => $"{_view?.Name ?? "?"}.{Name} ({Type})";

    /// <summary>Gives the field to its view, once.</summary>
    internal bool TryBind(FeatureView view, int ordinal)
    {
        if (Interlocked.CompareExchange(ref _view, view, null) is not null)
        {
            return false;
        }

        Ordinal = ordinal;
        return true;
    }
}
