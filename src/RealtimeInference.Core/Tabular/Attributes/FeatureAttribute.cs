namespace RealtimeInference;

/// <summary>What a property becomes in an input tensor: the base of the attributes that say so.</summary>
[AttributeUsage(AttributeTargets.Property | AttributeTargets.Parameter)]
public abstract class FeatureAttribute : Attribute
{
    private protected FeatureAttribute()
    {
    }

    /// <summary>Gets or sets the model's input that the feature goes to.</summary>
    /// <value>That of the type's <see cref="TabularInputAttribute"/> by default.</value>
    public string? Tensor { get; set; }

    /// <summary>Gets or sets what happens without a value.</summary>
    /// <value><see cref="MissingPolicy.Fail"/> by default.</value>
    public MissingPolicy Missing { get; set; }
}
