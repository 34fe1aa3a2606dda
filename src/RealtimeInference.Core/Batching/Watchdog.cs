namespace RealtimeInference;

/// <summary>
/// One thread that looks after every scheduler at work, about every millisecond: for callers who hold a worker, deadlines
/// that pass in a queue or a run, and delays that end. It sleeps while nothing is at work.
/// </summary>
internal static class Watchdog
{
    private const int TickMilliseconds = 1;

    // A scheduler that had nothing to do for so long is let go of.
#if INTERLEAVED
    private const int IdleTicks = 1;
#else
    private const int IdleTicks = 50;
#endif

    private static readonly object s_gate = new();
    private static readonly List<BatchScheduler> s_watched = [];
    private static BatchScheduler[] s_schedulers = [];
    private static Thread? s_thread;

    /// <summary>Gets the schedulers that are looked after now.</summary>
    public static ReadOnlySpan<BatchScheduler> Schedulers => Volatile.Read(ref s_schedulers);

    /// <summary>Begins to look after a scheduler.</summary>
    public static void Watch(BatchScheduler scheduler)
    {
        lock (s_gate)
        {
            s_watched.Add(scheduler);
            s_schedulers = [.. s_watched];
            if (s_thread is null)
            {
                s_thread = new Thread(Loop) { IsBackground = true, Name = "RealtimeInference watchdog", Priority = ThreadPriority.AboveNormal };
                s_thread.UnsafeStart();
            }

            Monitor.Pulse(s_gate);
        }
    }

    private static void Loop()
    {
        while (true)
        {
            lock (s_gate)
            {
                if (s_watched.Count == 0)
                {
                    Monitor.Wait(s_gate);
                }
                else
                {
                    Monitor.Wait(s_gate, TickMilliseconds);
                }
            }

            foreach (BatchScheduler scheduler in Schedulers)
            {
                if (!scheduler.Tick(IdleTicks))
                {
                    lock (s_gate)
                    {
                        s_watched.Remove(scheduler);
                        s_schedulers = [.. s_watched];
                    }

                    scheduler.AfterWatch();
                }
            }
        }
    }
}
