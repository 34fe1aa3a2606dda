using System.Runtime.InteropServices;

namespace RealtimeInference;

/// <summary>
/// While callers keep holding workers: a thread that only runs when a processor has nothing else to do, which is the moment
/// at which a worker has stopped.
/// </summary>
/// <remarks>
/// A worker whose caller blocks leaves its processor idle. The operating system then runs this thread at once, which sees that
/// nobody is resumed any more and has another worker go on. It takes no time from anything else, and sleeps when no caller has
/// blocked for a while.
/// </remarks>
internal static partial class StallWatch
{
    // So many callers who held a worker within so long are no accident of the operating system's scheduling.
    private const int Accidents = 4;

    // And so many within so long are worth a thread that stays awake.
    private const int Crowd = 16;

    /// <summary>Between two looks: each takes what it looks at out of the cache of the worker, who writes it.</summary>
    public const int Spins = 150;

    // Linux: SCHED_IDLE, "for running very low priority background jobs" (sched(7)). Anybody may ask for it.
    private const int IdlePolicy = 5;

    private static readonly long s_within = TimeProvider.System.TimestampFrequency / 25;
    private static readonly long s_crowdWithin = TimeProvider.System.TimestampFrequency / 50;
    private static readonly long[] s_stalls = new long[Crowd];
    private static readonly object s_signal = new();
    private static Thread? s_thread;
    private static int s_count;
    private static long s_until;
    private static long s_crowdUntil;
    private static bool s_isAwake;
    private static int s_standingBy;

    /// <summary>Notes that a caller has held a worker.</summary>
    public static void Note(long now)
    {
        uint count = (uint)Interlocked.Increment(ref s_count);
        if (now - Interlocked.Exchange(ref s_stalls[count % Crowd], now) < s_crowdWithin)
        {
            Volatile.Write(ref s_crowdUntil, now + s_crowdWithin);
        }

        if (now - Volatile.Read(ref s_stalls[(count - Accidents) % Crowd]) >= s_within)
        {
            return;
        }

        Volatile.Write(ref s_until, now + s_within);
        if (!Volatile.Read(ref s_isAwake))
        {
            Wake();
        }
    }

    /// <summary>Whether callers hold workers so often that a thread should stand by.</summary>
    public static bool IsCrowded(long now) => now <= Volatile.Read(ref s_crowdUntil);

    /// <summary>Makes this thread the one that stands by, if one should and none does.</summary>
    public static bool TryStandBy() =>
        IsCrowded(TimeProvider.System.GetTimestamp()) && Interlocked.CompareExchange(ref s_standingBy, 1, 0) == 0;

    /// <summary>Ends what <see cref="TryStandBy"/> began.</summary>
    public static void EndStandBy() => Volatile.Write(ref s_standingBy, 0);

    private static void Wake()
    {
        lock (s_signal)
        {
            s_isAwake = true;
            if (s_thread is null)
            {
                s_thread = new Thread(Loop) { IsBackground = true, Name = "RealtimeInference stall watch", Priority = ThreadPriority.Lowest };
                s_thread.UnsafeStart();
            }

            Monitor.Pulse(s_signal);
        }
    }

    private static void Loop()
    {
        if (!TryRunWhenIdle())
        {
            return;
        }

        while (true)
        {
            long now = TimeProvider.System.GetTimestamp();
            if (now > Volatile.Read(ref s_until))
            {
                lock (s_signal)
                {
                    s_isAwake = false;
                    Monitor.Wait(s_signal);
                }

                continue;
            }

            foreach (BatchScheduler scheduler in Volatile.Read(ref s_standingBy) == 0 ? Watchdog.Schedulers : [])
            {
                scheduler.Relieve(now, own: -1, isClose: true);
            }

            Thread.SpinWait(Spins);
        }
    }

    // Where the operating system knows no such thread, the watchdog alone must do: this one would take time from others.
    private static bool TryRunWhenIdle()
    {
        if (OperatingSystem.IsWindows())
        {
            return true;
        }

        if (!OperatingSystem.IsLinux())
        {
            return false;
        }

        int priority = 0;
        return SetScheduler(0, IdlePolicy, ref priority) == 0;
    }

    [LibraryImport("libc", EntryPoint = "sched_setscheduler")]
    private static partial int SetScheduler(int thread, int policy, ref int priority);
}
