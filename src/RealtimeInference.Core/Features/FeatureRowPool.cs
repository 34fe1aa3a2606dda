using System.Collections.Concurrent;

namespace RealtimeInference;

/// <summary>The rows of one view that nobody uses.</summary>
internal sealed class FeatureRowPool
{
#if DEBUG
    private const int MaxPooled = 4;
#else
    // As many as a few large rankings hold at once; more are left to the garbage collector.
    private const int MaxPooled = 4096;
#endif

    private readonly ConcurrentQueue<FeatureRow> _rows = new();
    private int _count;

    public FeatureRow? Rent()
    {
        if (!_rows.TryDequeue(out FeatureRow? row))
        {
            return null;
        }

        Interlocked.Decrement(ref _count);
        return row;
    }

    public void Return(FeatureRow row)
    {
        if (Interlocked.Increment(ref _count) <= MaxPooled)
        {
            _rows.Enqueue(row);
        }
        else
        {
            Interlocked.Decrement(ref _count);
        }
    }
}
