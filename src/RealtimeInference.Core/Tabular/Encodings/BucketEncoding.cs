namespace RealtimeInference;

internal sealed class BucketEncoding(BucketPlan plan) : NumericEncoding(plan, plan.Default)
{
    private readonly double[] _boundaries = [.. plan.Boundaries];
    private readonly bool _isOrdinal = plan.IsOrdinal;

    protected override void WriteValue(double value, Span<float> target, ref TabularFaults faults)
    {
        int bucket = TabularEncoding.Bucket(value, _boundaries);
        if (_isOrdinal)
        {
            target[0] = bucket;
        }
        else
        {
            target[bucket] = 1;
        }
    }
}
