namespace RealtimeInference;

internal sealed class HashEncoding(HashPlan plan) : TextEncoding(plan, plan.Default)
{
    private readonly int _buckets = plan.Buckets;
    private readonly uint _seed = plan.Seed;
    private readonly bool _isOneHot = plan.IsOneHot;

    protected override void WriteValue(string value, Span<float> target, ref TabularFaults faults)
    {
        int bucket = TabularEncoding.HashBucket(value, _seed, _buckets);
        if (_isOneHot)
        {
            target[bucket] = 1;
        }
        else
        {
            target[0] = bucket;
        }
    }
}
