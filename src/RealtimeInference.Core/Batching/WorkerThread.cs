namespace RealtimeInference;

/// <summary>Something that a worker thread does.</summary>
internal interface IWork
{
    void Do(int slot, Batch? rest);
}

/// <summary>
/// A thread that forms and runs batches, and resumes those who wait for them. Threads of our own, because the thread pool
/// grows slowly: a caller who blocks one of these must be replaced at once.
/// </summary>
internal sealed class WorkerThread
{
    private const int IdleMilliseconds = 10_000;

    private static readonly Stack<WorkerThread> s_idle = [];

    private readonly object _signal = new();
    private IWork? _work;
    private int _slot;
    private Batch? _rest;

    /// <summary>Has a thread do some work: an idle one, or a new one.</summary>
    public static void Start(IWork work, int slot, Batch? rest = null)
    {
        WorkerThread? idle;
        lock (s_idle)
        {
            s_idle.TryPop(out idle);
        }

        if (idle is not null)
        {
            idle.Wake(work, slot, rest);
            return;
        }

        var created = new WorkerThread { _work = work, _slot = slot, _rest = rest };
        new Thread(created.Loop) { IsBackground = true, Name = "RealtimeInference worker" }.UnsafeStart();
    }

    private void Wake(IWork work, int slot, Batch? rest)
    {
        lock (_signal)
        {
            (_work, _slot, _rest) = (work, slot, rest);
            Monitor.Pulse(_signal);
        }
    }

    private void Loop()
    {
        while (true)
        {
            IWork work = _work!;
            Batch? rest = _rest;

            // An idle thread must not keep a scheduler and its model alive.
            (_work, _rest) = (null, null);
            work.Do(_slot, rest);
            work = null!;
            lock (s_idle)
            {
                s_idle.Push(this);
            }

            lock (_signal)
            {
                while (_work is null)
                {
                    if (!Monitor.Wait(_signal, IdleMilliseconds) && _work is null && TryRetire())
                    {
                        return;
                    }
                }
            }
        }
    }

    // Who popped it from the stack is about to wake it.
    private bool TryRetire()
    {
        lock (s_idle)
        {
            if (!s_idle.Contains(this))
            {
                return false;
            }

            WorkerThread[] others = [.. s_idle.Where(t => t != this).Reverse()];
            s_idle.Clear();
            foreach (WorkerThread other in others)
            {
                s_idle.Push(other);
            }

            return true;
        }
    }
}
