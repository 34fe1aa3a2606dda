namespace RealtimeInference;

/// <summary>Makes a number into one element: as it is, standardised, scaled to a range, or its logarithm.</summary>
/// <remarks>Set <see cref="Mean"/> and <see cref="Std"/>, or <see cref="Min"/> and <see cref="Max"/>, or neither.</remarks>
public sealed class NumberAttribute : FeatureAttribute
{
    /// <summary>Gets or sets what is subtracted: the mean of the training data.</summary>
    public double Mean { get; set; }

    /// <summary>Gets or sets what is divided by: the standard deviation of the training data, above 0.</summary>
    public double Std { get; set; }

    /// <summary>Gets or sets what becomes 0.</summary>
    public double Min { get; set; }

    /// <summary>Gets or sets what becomes 1.</summary>
    public double Max { get; set; }

    /// <summary>Gets or sets whether the natural logarithm of one plus the number is taken, before it is standardised.</summary>
    public bool Log1p { get; set; }

    /// <summary>Gets or sets the value that lower ones are raised to, before all else.</summary>
    public double ClipMin { get; set; }

    /// <summary>Gets or sets the value that higher ones are cut to, before all else.</summary>
    public double ClipMax { get; set; }

    /// <summary>Gets or sets the value that stands for a missing one, with <see cref="MissingPolicy.Default"/> or <see cref="MissingPolicy.Indicator"/>.</summary>
    public double Default { get; set; }
}
