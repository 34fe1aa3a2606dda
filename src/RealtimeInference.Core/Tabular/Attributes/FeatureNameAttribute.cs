namespace RealtimeInference;

/// <summary>Gives the feature that a property belongs to, where it is not called as the property is.</summary>
[AttributeUsage(AttributeTargets.Property | AttributeTargets.Parameter)]
public sealed class FeatureNameAttribute : Attribute
{
    /// <summary>Initializes a new instance of the <see cref="FeatureNameAttribute"/> class.</summary>
    /// <param name="name">The name of the feature; case-sensitive.</param>
    public FeatureNameAttribute(string name) => Name = name;

    /// <summary>Gets the name of the feature.</summary>
    public string Name { get; }
}
