using System.Diagnostics;

namespace RealtimeInference.Benchmarks.Batching;

/// <summary>What the callers of a load share.</summary>
internal sealed class LoadState(int callers)
{
    // Each caller's own cache line.
    private const int Stride = 16;

    private readonly long[] _counts = new long[(callers + 1) * Stride];
    private bool _isStopped;

    public bool IsStopped
    {
        get => Volatile.Read(ref _isStopped);
        set => Volatile.Write(ref _isStopped, value);
    }

    public long Total
    {
        get
        {
            long sum = 0;
            for (int i = 0; i < callers; i++)
            {
                sum += Volatile.Read(ref _counts[(i + 1) * Stride]);
            }

            return sum;
        }
    }

    /// <summary>Counts an answer; or blocks the caller, who is not counted.</summary>
    public void Count(int caller, bool blocks)
    {
        if (blocks)
        {
            Thread.Sleep(5);
        }
        else
        {
            _counts[(caller + 1) * Stride]++;
        }
    }
}

/// <summary>A closed loop: callers who each ask again as soon as they are answered.</summary>
/// <param name="callers">How many.</param>
/// <param name="createCaller">What a caller does until it is stopped.</param>
/// <param name="blocks">Which callers block their continuation for 5 ms.</param>
internal sealed class Load(int callers, Func<Func<LoadState, int, bool, Task>> createCaller, Func<int, bool>? blocks = null)
{
    // Until every caller has had its first turn on a pool of few threads.
    private static readonly TimeSpan s_rampUp = TimeSpan.FromMilliseconds(250);

    /// <summary>Gets the bytes that the process allocated for each answer in the last run.</summary>
    public double Bytes { get; private set; }

    /// <summary>Runs the load.</summary>
    /// <returns>Answers per second, without those of callers that block.</returns>
    public double Run(TimeSpan time)
    {
        var state = new LoadState(callers);
        Func<LoadState, int, bool, Task> call = createCaller();
        Task[] tasks = [.. Enumerable.Range(0, callers).Select(i => Task.Run(() => call(state, i, blocks?.Invoke(i) == true)))];
        Thread.Sleep(s_rampUp);
        long bytes = GC.GetTotalAllocatedBytes();
        long before = state.Total;
        long start = Stopwatch.GetTimestamp();
        Thread.Sleep(time);
        long answers = state.Total - before;
        double seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
        Bytes = (GC.GetTotalAllocatedBytes() - bytes) / (double)Math.Max(answers, 1);
        state.IsStopped = true;
        Task.WaitAll(tasks);
        return answers / seconds;
    }
}
