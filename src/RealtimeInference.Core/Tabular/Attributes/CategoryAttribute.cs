namespace RealtimeInference;

/// <summary>Makes one of some texts, or of an enum's members, into one element for each, or one with its number.</summary>
public sealed class CategoryAttribute : FeatureAttribute
{
    /// <summary>Initializes a new instance of the <see cref="CategoryAttribute"/> class.</summary>
    /// <param name="categories">The texts, or the names of the enum's members, in the order of their elements.</param>
    public CategoryAttribute(params string[] categories) => Categories = categories;

    /// <summary>Gets the texts, in the order of their elements.</summary>
    public IReadOnlyList<string> Categories { get; }

    /// <summary>Gets or sets whether it becomes one element with the number of the category, from 0.</summary>
    public bool Ordinal { get; set; }

    /// <summary>Gets or sets what happens to a text that is not among them.</summary>
    /// <value><see cref="UnknownPolicy.Fail"/> by default.</value>
    public UnknownPolicy Unknown { get; set; }

    /// <summary>Gets or sets the category that stands for a missing one, with <see cref="MissingPolicy.Default"/> or <see cref="MissingPolicy.Indicator"/>.</summary>
    public string? Default { get; set; }
}
