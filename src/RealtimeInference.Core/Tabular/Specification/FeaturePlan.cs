namespace RealtimeInference;

/// <summary>One feature, checked and complete: which elements of a tensor are made from a column, and how.</summary>
/// <param name="Name">The column.</param>
/// <param name="Missing">What happens without a value.</param>
internal abstract record FeaturePlan(string Name, MissingRule Missing)
{
    /// <summary>Gets the word for it in a specification.</summary>
    public abstract string Type { get; }

    /// <summary>Gets how many elements the value takes, without the indicator.</summary>
    public abstract int ValueWidth { get; }

    /// <summary>Gets whether every element is a whole number.</summary>
    public abstract bool IsWhole { get; }

    public int Width => ValueWidth + (Missing == MissingRule.Indicator ? 1 : 0);
}

/// <param name="Name">The column.</param>
/// <param name="Missing">What happens without a value.</param>
/// <param name="Transform">The transform.</param>
/// <param name="Mean">Subtracted, before it is divided by <paramref name="Std"/>; 0 for a logarithm that is not standardised.</param>
/// <param name="Std">See <paramref name="Mean"/>; 1 for a logarithm that is not standardised.</param>
/// <param name="Min">What becomes 0.</param>
/// <param name="Max">What becomes 1.</param>
/// <param name="ClipMin">Lower values are raised to it.</param>
/// <param name="ClipMax">Higher values are cut to it.</param>
/// <param name="Default">The value for a missing one.</param>
internal sealed record NumberPlan(
    string Name, MissingRule Missing, NumberTransform Transform, double Mean, double Std, double Min, double Max, double? ClipMin, double? ClipMax, double? Default)
    : FeaturePlan(Name, Missing)
{
    public override string Type => "number";

    public override int ValueWidth => 1;

    public override bool IsWhole => false;
}

/// <param name="Name">The column.</param>
/// <param name="Missing">What happens without a value.</param>
/// <param name="Boundaries">Where buckets begin but for the first, ascending.</param>
/// <param name="IsOrdinal">One element with the bucket's number, not one for each bucket.</param>
/// <param name="Default">The value for a missing one.</param>
internal sealed record BucketPlan(string Name, MissingRule Missing, EquatableArray<double> Boundaries, bool IsOrdinal, double? Default)
    : FeaturePlan(Name, Missing)
{
    public override string Type => "number";

    public override int ValueWidth => IsOrdinal ? 1 : Boundaries.Count + 1;

    public override bool IsWhole => true;
}

/// <param name="Name">The column.</param>
/// <param name="Missing">What happens without a value.</param>
/// <param name="Default">The value for a missing one.</param>
internal sealed record BooleanPlan(string Name, MissingRule Missing, bool? Default)
    : FeaturePlan(Name, Missing)
{
    public override string Type => "boolean";

    public override int ValueWidth => 1;

    public override bool IsWhole => true;
}

/// <param name="Name">The column.</param>
/// <param name="Missing">What happens without a value.</param>
/// <param name="Categories">What is known, in order.</param>
/// <param name="IsOrdinal">One element with the category's number, not one for each category.</param>
/// <param name="Unknown">What happens to any other.</param>
/// <param name="Default">The value for a missing one.</param>
internal sealed record CategoryPlan(
    string Name, MissingRule Missing, EquatableArray<string> Categories, bool IsOrdinal, UnknownRule Unknown, string? Default)
    : FeaturePlan(Name, Missing)
{
    public override string Type => "category";

    public override int ValueWidth => IsOrdinal ? 1 : Categories.Count + (Unknown == UnknownRule.Own ? 1 : 0);

    public override bool IsWhole => true;
}

/// <param name="Name">The column.</param>
/// <param name="Missing">What happens without a value.</param>
/// <param name="Buckets">How many buckets there are.</param>
/// <param name="Seed">The seed of the hash.</param>
/// <param name="IsOneHot">One element for each bucket, not one with the bucket's number.</param>
/// <param name="Default">The value for a missing one.</param>
internal sealed record HashPlan(string Name, MissingRule Missing, int Buckets, uint Seed, bool IsOneHot, string? Default)
    : FeaturePlan(Name, Missing)
{
    public override string Type => "category";

    public override int ValueWidth => IsOneHot ? Buckets : 1;

    public override bool IsWhole => true;
}

/// <param name="Name">The column.</param>
/// <param name="Missing">What happens without a value.</param>
/// <param name="Parts">The parts, in order.</param>
/// <param name="IsCyclical">Two elements for each part, its sine and its cosine.</param>
internal sealed record DatePlan(string Name, MissingRule Missing, EquatableArray<DatePartName> Parts, bool IsCyclical)
    : FeaturePlan(Name, Missing)
{
    public override string Type => "date";

    public override int ValueWidth => IsCyclical ? 2 * Parts.Count : Parts.Count;

    public override bool IsWhole => !IsCyclical;
}
