using System.Diagnostics;

namespace RealtimeInference.Benchmarks.Batching;

/// <summary>A closed loop over a model whose runs are long: answers come in bursts, a whole batch at a time.</summary>
/// <remarks>
/// The clock starts and stops with an answer, not in between: what a slice counts that ends just before or just after a burst
/// would differ by a whole batch.
/// </remarks>
/// <param name="callers">How many ask at once.</param>
/// <param name="ask">Asks once, for a caller and its turn; answers how much the answer counts.</param>
internal sealed class SlowLoad(int callers, Func<int, int, ValueTask<int>> ask)
{
    private readonly Lock _gate = new();
    private long _counted;
    private long _lastAnswer;
    private bool _isStopped;

    /// <summary>Runs the load.</summary>
    /// <returns>What was counted per second.</returns>
    public double Run(TimeSpan time)
    {
        Volatile.Write(ref _isStopped, false);
        (_counted, _lastAnswer) = (0, 0);
        Task[] tasks = [.. Enumerable.Range(0, callers).Select(caller => Task.Run(() => CallAsync(caller)))];
        Thread.Sleep(time / 4);
        (long before, long start) = ReadAfter(0);
        Thread.Sleep(time);
        (long after, long end) = ReadAfter(before);
        Volatile.Write(ref _isStopped, true);
        Task.WaitAll(tasks);
        return (after - before) / Stopwatch.GetElapsedTime(start, end).TotalSeconds;
    }

    private async Task CallAsync(int caller)
    {
        for (int turn = 0; !Volatile.Read(ref _isStopped); turn++)
        {
            int weight = await ask(caller, turn).ConfigureAwait(false);
            lock (_gate)
            {
                _counted += weight;
                _lastAnswer = Stopwatch.GetTimestamp();
            }
        }
    }

    // A slice in which nothing was answered goes on until something is.
    private (long Counted, long LastAnswer) ReadAfter(long counted)
    {
        while (true)
        {
            lock (_gate)
            {
                if (_counted > counted)
                {
                    return (_counted, _lastAnswer);
                }
            }

            Thread.Sleep(1);
        }
    }
}
