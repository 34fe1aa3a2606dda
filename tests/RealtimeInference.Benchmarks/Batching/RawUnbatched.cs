using RealtimeInference.Benchmarks.SmallNetwork;

namespace RealtimeInference.Benchmarks.Batching;

/// <summary>The leanest loop, one for each of two threads.</summary>
internal sealed class RawUnbatched : IDisposable
{
    private readonly BindingLoop[] _loops = [new(), new()];

    public Decision Predict(int caller, in Transaction transaction) => _loops[caller].Predict(transaction);

    public void Dispose()
    {
        foreach (BindingLoop loop in _loops)
        {
            loop.Dispose();
        }
    }
}
