using System.Diagnostics.CodeAnalysis;

namespace RealtimeInference;

/// <content>What is looked after from outside: callers who hold a worker, deadlines, delays.</content>
internal sealed partial class BatchScheduler
{
    // A caller that holds its batch mates for so long is stepped around.
    private static readonly long s_stall = TimeProvider.System.TimestampFrequency / 20_000;
    private static readonly long s_closeStall = TimeProvider.System.TimestampFrequency / 100_000;

    // And so are callers who each take little, but together hold the slot for so long.
    private static readonly long s_longResume = TimeProvider.System.TimestampFrequency / 2_000;

    private readonly Stack<Batch> _spare = [];

    // Batches whose slot was passed on before their callers were resumed.
    private Watched? _withoutSlot;
    private int _isChecking;
    private int _isWatched;
    private int _idleTicks;
    private long _begunAtTick;

    /// <summary>Does what is due. Called about every millisecond, by one thread.</summary>
    /// <returns>Whether there is anything to look after.</returns>
    public bool Tick(int idleTicks)
    {
        bool isBusy = IsBusy();
        Relieve(TimeProvider.System.GetTimestamp(), own: -1);
        for (int i = 0; i < _states.Length; i++)
        {
            if (_slots.IsBusy(i) && _states[i].Batch is { CanBeEnded: true } batch)
            {
                batch.Expire();
            }
        }

        if (!_queue.IsEmpty)
        {
            lock (_queue.Gate)
            {
                _queue.Sweep();
            }

            LetOthersRunBesideALongRun();
            if (HasWork())
            {
                Serve();
            }
        }

        _idleTicks = isBusy ? 0 : _idleTicks + 1;
        if (_idleTicks < idleTicks)
        {
            return true;
        }

        Volatile.Write(ref _isWatched, 0);
        return false;
    }

    // Runs that are short, as a rule, go one at a time; one that has lasted since the last tick is none of them.
    private void LetOthersRunBesideALongRun()
    {
        long begun = 0;
        foreach (Slot slot in _states)
        {
            begun += slot.RunsNow + (slot.Batch?.Uses ?? 0);
        }

        if (begun == _begunAtTick)
        {
            Volatile.Write(ref _isSideBySide, true);
        }

        _begunAtTick = begun;
    }

    /// <summary>After the watchdog has let go: what came meanwhile is not forgotten, and has maybe left the queue already.</summary>
    public void AfterWatch()
    {
        Interlocked.MemoryBarrier();
        if (IsBusy())
        {
            EnsureWatched();
        }
    }

    private void EnsureWatched()
    {
        if (Volatile.Read(ref _isWatched) == 0 && Interlocked.Exchange(ref _isWatched, 1) == 0)
        {
            _idleTicks = 0;
            Watchdog.Watch(this);
        }
    }

    private bool HasWork()
    {
        if (_settings.MaxDelay == TimeSpan.Zero || _queue.IsEmpty || _queue.Count >= _settings.MaxBatchSize)
        {
            return !_queue.IsCommonEmpty || _queue.CountAt(MayTakeFrom) > 0;
        }

        lock (_queue.Gate)
        {
            return IsDue(_queue.Count);
        }
    }

    private bool IsDue(int waiting) =>
        _settings.MaxDelay == TimeSpan.Zero
        || waiting >= _settings.MaxBatchSize
        || (_queue.PeekOldest() is { } oldest && oldest.TimeProvider.GetElapsedTime(oldest.ArrivedAt) >= _settings.MaxDelay);

    /// <summary>Relieves a worker whose caller holds it: another thread takes its slot, and the callers that still wait.</summary>
    public void Relieve(long now, int own, bool isClose = false)
    {
        if (TryTakeOver(now, own, isClose, out int slot, out Batch? rest))
        {
            WorkerThread.Start(this, slot, rest);
        }
    }

    // While callers keep holding workers, to wake a thread for each would take longer than anything else: one stays awake.
    private bool StandBy(out int slot, out Batch? rest)
    {
        if (!StallWatch.TryStandBy())
        {
            (slot, rest) = (-1, null);
            return false;
        }

        bool isNeeded;
        long now;
        do
        {
            now = TimeProvider.System.GetTimestamp();
            rest = null;
            isNeeded = TryTakeOver(now, own: -1, isClose: true, out slot, out rest) || (HasWork() && TryEnter(out slot));
            Thread.SpinWait(StallWatch.Spins);

            // Before anybody else who has something to do: above all the worker, if it is this processor that it waits for.
            Thread.Yield();
        }
        while (!isNeeded && StallWatch.IsCrowded(now));

        StallWatch.EndStandBy();
        return isNeeded;
    }

    private bool TryTakeOver(long now, int own, bool isClose, out int taken, [NotNullWhen(true)] out Batch? rest)
    {
        (taken, rest) = (-1, null);
        if (Interlocked.Exchange(ref _isChecking, 1) != 0)
        {
            return false;
        }

        long stall = isClose ? s_closeStall : s_stall;
        for (int i = 0; i < _states.Length; i++)
        {
            Slot slot = _states[i];
            if (i != own && TryRelieve(slot, now, stall, s_longResume) is { } batch)
            {
                slot.Batch = null;
                (taken, rest) = (i, batch);
                break;
            }
        }

        // They hold no slot, so that it is no matter how long they take together.
        for (Watched? watched = Volatile.Read(ref _withoutSlot); watched is not null; watched = watched.Next)
        {
            if (TryRelieve(watched, now, stall, long.MaxValue) is { } batch)
            {
                WorkerThread.Start(this, -1, batch);
            }
        }

        Volatile.Write(ref _isChecking, 0);
        return rest is not null;
    }

    // Returns the batch that somebody else goes on to resume; null for none.
    private static Batch? TryRelieve(Watched watched, long now, long stall, long longResume)
    {
        if (Volatile.Read(ref watched.Resuming) is not { } batch)
        {
            return null;
        }

        bool isNew = watched.SeenBatch != batch || watched.SeenUses != batch.Uses;
        if (isNew || watched.SeenResumed != batch.Resumed)
        {
            (watched.SeenBatch, watched.SeenUses, watched.SeenResumed, watched.SeenAt) = (batch, batch.Uses, batch.Resumed, now);
            watched.SeenFirstAt = isNew ? now : watched.SeenFirstAt;
        }

        if ((now - watched.SeenAt <= stall && now - watched.SeenFirstAt <= longResume)
            || Interlocked.CompareExchange(ref watched.Resuming, null, batch) != batch)
        {
            return null;
        }

        // Two threads know the batch from here on, so it is not used again.
        StallWatch.Note(now);
        batch.IsShared = true;
        watched.SeenBatch = null;
        return batch;
    }

    // Entries are used again, so there are as many as threads that ever resumed at once.
    private Watched WatchWithoutSlot(Batch batch)
    {
        for (Watched? watched = Volatile.Read(ref _withoutSlot); watched is not null; watched = watched.Next)
        {
            if (Interlocked.CompareExchange(ref watched.Resuming, batch, null) is null)
            {
                return watched;
            }
        }

        var added = new Watched { Resuming = batch };
        Watched? head = Volatile.Read(ref _withoutSlot);
        while (true)
        {
            added.Next = head;
            Watched? seen = Interlocked.CompareExchange(ref _withoutSlot, added, head);
            if (ReferenceEquals(seen, head))
            {
                return added;
            }

            head = seen;
        }
    }

    // In the order in which a batch passes through: it is in the queue, then has a slot, then maybe is resumed without one.
    private bool IsBusy()
    {
        if (!_queue.IsEmpty || _slots.IsAnyBusy)
        {
            return true;
        }

        for (Watched? watched = Volatile.Read(ref _withoutSlot); watched is not null; watched = watched.Next)
        {
            if (Volatile.Read(ref watched.Resuming) is not null)
            {
                return true;
            }
        }

        return false;
    }

    private Batch RentBatch()
    {
        lock (_spare)
        {
            return _spare.TryPop(out Batch? batch) ? batch : new Batch(_settings.MaxBatchSize);
        }
    }

    private void ReturnBatch(Batch batch)
    {
        if (batch.IsShared)
        {
            return;
        }

        batch.Clear();
        lock (_spare)
        {
            // As many as can be between run and resumption at a time, in the ordinary course.
            if (_spare.Count <= _states.Length)
            {
                _spare.Push(batch);
            }
        }
    }
}
