namespace RealtimeInference;

/// <summary>Makes a date into its parts: an element for each, or with <see cref="Cyclical"/> its sine and cosine.</summary>
public sealed class DatePartsAttribute : FeatureAttribute
{
    /// <summary>Initializes a new instance of the <see cref="DatePartsAttribute"/> class.</summary>
    /// <param name="parts">The parts, in the order of their elements.</param>
    public DatePartsAttribute(params DatePart[] parts) => Parts = parts;

    /// <summary>Gets the parts, in the order of their elements.</summary>
    public IReadOnlyList<DatePart> Parts { get; }

    /// <summary>Gets or sets whether each part becomes two elements that go round in a circle, so that 23 is near 0.</summary>
    public bool Cyclical { get; set; }
}
