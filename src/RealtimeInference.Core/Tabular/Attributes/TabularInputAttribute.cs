namespace RealtimeInference;

/// <summary>Has an encoder written for the type at compile time: <c>NameEncoder</c>, in the type's namespace.</summary>
/// <remarks>
/// What each property becomes is said by attributes such as <see cref="NumberAttribute"/>, in the order of the properties, or by
/// a specification file. The type is a class, record or struct of a namespace, not generic; it need not be partial.
/// </remarks>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Struct, Inherited = false)]
public sealed class TabularInputAttribute : Attribute
{
    /// <summary>Initializes a new instance of the <see cref="TabularInputAttribute"/> class: for the input <c>features</c>.</summary>
    public TabularInputAttribute()
        : this("features")
    {
    }

    /// <summary>Initializes a new instance of the <see cref="TabularInputAttribute"/> class.</summary>
    /// <param name="tensor">The model's input that features go to where they name no other.</param>
    public TabularInputAttribute(string tensor) => Tensor = tensor;

    /// <summary>Gets the model's input that features go to where they name no other.</summary>
    public string Tensor { get; }

    /// <summary>Gets or sets a specification file that says what the properties become; then no attribute on them does.</summary>
    /// <value>
    /// <see langword="null"/> by default. The path, or its end, of a file that the project lists as <c>AdditionalFiles</c>. A property
    /// belongs to the feature of its name, or of its <see cref="FeatureNameAttribute"/>; properties without a feature are left alone.
    /// </value>
    public string? Specification { get; set; }
}
