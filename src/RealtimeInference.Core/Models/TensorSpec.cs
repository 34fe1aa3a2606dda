namespace RealtimeInference;

/// <summary>The name, element type and dimensions of one input or output.</summary>
public sealed class TensorSpec
{
    /// <summary>Initializes a new instance of the <see cref="TensorSpec"/> class.</summary>
    /// <param name="name">The name, unique among the inputs or the outputs.</param>
    /// <param name="elementType">The type of the elements; of the maps' values for a sequence of maps.</param>
    /// <param name="dimensions">The dimensions, outermost first; none for a scalar or a sequence.</param>
    /// <param name="isOptional">Whether a run may leave the input out.</param>
    /// <param name="kind">What it holds.</param>
    /// <param name="mapKeyType">The type of the maps' keys, for a sequence of maps.</param>
    public TensorSpec(
        string name,
        TensorElementType elementType,
        IReadOnlyList<TensorDimension> dimensions,
        bool isOptional = false,
        TensorKind kind = TensorKind.Tensor,
        TensorElementType? mapKeyType = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        ArgumentNullException.ThrowIfNull(dimensions);

        // Encoders name tensors by literals: interned, a look-up is a compare of two references.
        Name = string.Intern(name);
        ElementType = elementType;
        Dimensions = [.. dimensions];
        IsOptional = isOptional;
        Kind = kind;
        MapKeyType = mapKeyType;
    }

    /// <summary>Gets the name.</summary>
    public string Name { get; }

    /// <summary>Gets the type of the elements; of the maps' values for a sequence of maps.</summary>
    public TensorElementType ElementType { get; }

    /// <summary>Gets the dimensions, outermost first; empty for a scalar or a sequence.</summary>
    public IReadOnlyList<TensorDimension> Dimensions { get; }

    /// <summary>Gets whether a run may leave the input out; the model then uses its default.</summary>
    public bool IsOptional { get; }

    /// <summary>Gets what it holds.</summary>
    public TensorKind Kind { get; }

    /// <summary>Gets the type of the maps' keys.</summary>
    /// <value><see langword="null"/> unless <see cref="Kind"/> is <see cref="TensorKind.SequenceOfMaps"/>.</value>
    public TensorElementType? MapKeyType { get; }

    /// <inheritdoc/>
    public override string ToString() => Kind == TensorKind.SequenceOfMaps
        ? $"{Name}: sequence of maps from {ElementTypes.ClrName(MapKeyType!.Value)} to {ElementTypes.ClrName(ElementType)}"
        : $"{Name}: {ElementTypes.ClrName(ElementType)} [{string.Join(", ", Dimensions)}]{(IsOptional ? " (optional)" : "")}";
}
