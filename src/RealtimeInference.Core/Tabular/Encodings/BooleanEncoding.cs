namespace RealtimeInference;

internal sealed class BooleanEncoding(BooleanPlan plan) : FeatureEncoding(plan)
{
    private readonly bool? _replacement = plan.Default;

    public void Write(bool? value, Span<float> target, ref TabularFaults faults)
    {
        if (value is null)
        {
            WriteMissing(target, ref faults);
        }

        if (value ?? _replacement ?? false)
        {
            target[0] = 1;
        }
    }
}
