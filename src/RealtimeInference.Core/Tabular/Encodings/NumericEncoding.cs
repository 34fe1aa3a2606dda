namespace RealtimeInference;

/// <summary>A feature of a number; NaN is a missing one.</summary>
internal abstract class NumericEncoding(FeaturePlan plan, double? replacement) : FeatureEncoding(plan)
{
    public void Write(double value, Span<float> target, ref TabularFaults faults)
    {
        if (double.IsNaN(value))
        {
            WriteMissing(target, ref faults);
            if (replacement is not { } known)
            {
                return;
            }

            value = known;
        }

        WriteValue(value, target, ref faults);
    }

    protected abstract void WriteValue(double value, Span<float> target, ref TabularFaults faults);
}
