namespace RealtimeInference;

/// <summary>Makes a truth value into one element, 0 or 1.</summary>
public sealed class BooleanAttribute : FeatureAttribute
{
    /// <summary>Gets or sets the value that stands for a missing one, with <see cref="MissingPolicy.Default"/> or <see cref="MissingPolicy.Indicator"/>.</summary>
    public bool Default { get; set; }
}
