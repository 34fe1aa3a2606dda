namespace RealtimeInference;

/// <summary>Gives the type of a tensor's elements, where they are not floats.</summary>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Struct, AllowMultiple = true, Inherited = false)]
public sealed class TabularTensorAttribute : Attribute
{
    /// <summary>Initializes a new instance of the <see cref="TabularTensorAttribute"/> class.</summary>
    /// <param name="name">The name of the model's input.</param>
    /// <param name="elementType">Its elements: <see cref="TensorElementType.Float32"/> or <see cref="TensorElementType.Int64"/>.</param>
    public TabularTensorAttribute(string name, TensorElementType elementType)
    {
        Name = name;
        ElementType = elementType;
    }

    /// <summary>Gets the name of the model's input.</summary>
    public string Name { get; }

    /// <summary>Gets the type of its elements.</summary>
    public TensorElementType ElementType { get; }
}
