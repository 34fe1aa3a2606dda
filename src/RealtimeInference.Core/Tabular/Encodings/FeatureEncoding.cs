namespace RealtimeInference;

/// <summary>Writes one feature's elements. They are zero before. Immutable.</summary>
internal abstract class FeatureEncoding(FeaturePlan plan)
{
    private readonly MissingRule _missing = plan.Missing;

    public FeaturePlan Plan { get; } = plan;

    protected string Name { get; } = plan.Name;

    public static FeatureEncoding Create(FeaturePlan plan) => plan switch
    {
        NumberPlan number => new NumberEncoding(number),
        BucketPlan bucket => new BucketEncoding(bucket),
        BooleanPlan boolean => new BooleanEncoding(boolean),
        CategoryPlan category => new CategoryEncoding(category),
        HashPlan hash => new HashEncoding(hash),
        DatePlan date => new DateEncoding(date),
        _ => throw new ArgumentOutOfRangeException(nameof(plan), plan.Type, "Not a feature."),
    };

    /// <summary>Writes what stands for a missing value, but for a default.</summary>
    protected void WriteMissing(Span<float> target, ref TabularFaults faults)
    {
        if (_missing == MissingRule.Fail)
        {
            faults.AddMissing(Name);
        }
        else if (_missing == MissingRule.Indicator)
        {
            target[^1] = 1;
        }
    }
}
