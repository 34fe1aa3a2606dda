namespace RealtimeInference;

/// <summary>Decides who runs the model, when, and with which examples.</summary>
/// <remarks>
/// The hand-over, on which no request may be lost: whoever puts a request in then looks for a free slot, and whoever frees a
/// slot then looks into the queue. Both do so behind a full fence, so at least one of them sees the other.
/// </remarks>
internal sealed partial class BatchScheduler : IWork
{
    // Runs shorter than this are not worth waking another thread for: that costs about as much.
    private const long LongRunNanoseconds = 100_000;

    // Two short runs at once cost more, in memory that two processors write in turn, than one of twice the size: measured, two to
    // three times as much for one of 5 µs, as much for one of 30 µs or so. Two limits, because half the batch takes half the time.
    private const long SideBySideNanoseconds = 30_000;
    private const long OneAtATimeNanoseconds = 15_000;

    // A share of a short run below this many rows costs more than it saves.
    private const int MinShare = 8;

#if INTERLEAVED
    // Few, where every order of them is tried.
    private const int Spins = 8;
    private const uint RunsBeforeGivingWay = 2;
    private const uint RunsBeforeTiming = 2;
#else
    private const int Spins = 60;
    private const uint RunsBeforeGivingWay = 256;

    // To read the clock each time would cost a small model some per cent.
    private const uint RunsBeforeTiming = 64;
#endif

    // Set while this thread resumes callers: what they ask for next is for this thread to run, or for whoever relieves it.
    [ThreadStatic]
    private static Resumption? t_resuming;

    [ThreadStatic]
    private static Resumption? t_mine;

    private readonly IModel _model;
    private readonly BatchSettings _settings;
    private readonly BatchQueue _queue;
    private readonly RunSlots _slots;
    private readonly Slot[] _states;
    private readonly bool _keepsAtSlot;
    private long _nanosecondsPerRow;
    private long _runNanoseconds;

    // Until runs are known to be short: one that takes long must not keep others waiting.
    private bool _isSideBySide = true;
    private int _searching;

    public BatchScheduler(IModel model, BatchSettings settings)
    {
        _model = model;
        _settings = settings;
        _slots = new RunSlots(settings.MaxConcurrentRuns);
        _states = new Slot[settings.MaxConcurrentRuns];
        for (int i = 0; i < _states.Length; i++)
        {
            _states[i] = new Slot();
        }

        _queue = new BatchQueue(settings, _states);
        _keepsAtSlot = settings.MaxDelay == TimeSpan.Zero && !settings.HasVariableRows;
    }

    /// <summary>Gets how many examples wait.</summary>
    public int QueueLength => _queue.Count;

    /// <summary>Takes a slot for the caller's own thread, if nobody waits.</summary>
    /// <remarks>Bulk work is there for its throughput: it queues, so that whoever feeds it goes on and batches fill.</remarks>
    public bool TryRunNow(PredictionPriority priority, out int slot)
    {
        if (priority != PredictionPriority.Bulk && t_resuming?.Scheduler != this && _queue.IsCommonEmpty && _settings.MaxDelay == TimeSpan.Zero && TryEnter(out slot))
        {
            Slot state = _states[slot];
            if (!GivesWay(state))
            {
                if (_states.Length > 1 && (state.RunsNow % RunsBeforeTiming) == 1)
                {
                    state.StartedAt = TimeProvider.System.GetTimestamp();
                }

                return true;
            }

            EndRunNow(slot);
        }

        slot = -1;
        return false;
    }

    /// <summary>Gives the slot back that <see cref="TryRunNow"/> took.</summary>
    public void EndRunNow(int slot)
    {
        Slot state = _states[slot];
        if (state.StartedAt != 0)
        {
            LearnLength((long)TimeProvider.System.GetElapsedTime(state.StartedAt).TotalNanoseconds);
            state.StartedAt = 0;
        }

        _slots.Leave(slot);
        if (!_queue.IsCommonEmpty || Volatile.Read(ref state.Intake) is not null)
        {
            Serve();
        }
    }

    /// <summary>Queues a request.</summary>
    public void Add(BatchRequest request)
    {
        if (_settings.MaxDelay > TimeSpan.Zero)
        {
            request.ArrivedAt = request.TimeProvider.GetTimestamp();
        }

        Resumption? resuming = t_resuming;
        if (resuming is not null && (resuming.Scheduler != this || !resuming.KeepsSlot))
        {
            resuming = null;
        }

        if (resuming is not null && _keepsAtSlot && _queue.TryAdd(request, resuming.Slot!))
        {
            if (request.CanBeWithdrawn)
            {
                EnsureWatched();
            }

            // Relieved meanwhile: whoever has the slot now may have looked just before.
            if (!resuming.KeepsSlot)
            {
                Serve();
            }

            return;
        }

        int waiting = _queue.TryAdd(request);
        if (waiting == 0)
        {
            throw Full();
        }

        EnsureWatched();

        if (resuming is not null && resuming.KeepsSlot)
        {
            return;
        }

        if (_settings.MaxDelay == TimeSpan.Zero || waiting >= _settings.MaxBatchSize)
        {
            Serve();
        }
    }

    /// <summary>What a worker does: batch after batch, until nothing waits or somebody relieves it.</summary>
    /// <param name="slot">The slot that it has; -1 for none.</param>
    /// <param name="rest">A batch whose callers it resumes first; null for none.</param>
    void IWork.Do(int slot, Batch? rest)
    {
        bool hasSlot = true;
        while (hasSlot)
        {
            if ((rest ?? RunNext(slot)) is not { } batch)
            {
                _slots.Leave(slot);
                hasSlot = Search(out slot);
            }
            else
            {
                hasSlot = Resume(batch, ref slot);
            }

            rest = null;
            hasSlot = hasSlot || StandBy(out slot, out rest);
        }
    }

    // A caller who is answered at once, again and again, never leaves its thread of the pool, and others who wait for that
    // thread could not even ask: every so often it queues, if there are such.
    private static bool GivesWay(Slot slot) =>
        (++slot.RunsNow % RunsBeforeGivingWay) == 0 && Thread.CurrentThread.IsThreadPoolThread && ThreadPool.PendingWorkItemCount > 0;

    // Finds somebody to run what waits, if there is a slot and nobody is looking already.
    private void Serve()
    {
        if (Volatile.Read(ref _searching) == 0 && TryEnter(out int slot))
        {
            WorkerThread.Start(this, slot);
        }
    }

    // Forms the next batch and runs it.
    // Returns the batch, its callers to be resumed; null where nothing waits.
    private Batch? RunNext(int slot)
    {
        // Again and again: the watchdog may have let go while this thread had no slot.
        EnsureWatched();
        Batch batch = _states[slot].Batch ??= RentBatch();
        long start = TimeProvider.System.GetTimestamp();
        if (!TryTake(batch, slot))
        {
            return null;
        }

        if (HasWork())
        {
            Serve();
        }

        if (_states.Length > 1)
        {
            Relieve(start, slot);
        }

        Run(batch, start);
        return batch;
    }

    private bool Search(out int slot)
    {
        Interlocked.Increment(ref _searching);
        for (int i = 0; i < Spins; i++)
        {
            if (HasWork() && TryEnter(out slot))
            {
                Interlocked.Decrement(ref _searching);
                return true;
            }

            if (_states.Length > 1 && (i & 7) == 7)
            {
                Relieve(TimeProvider.System.GetTimestamp(), own: -1);
            }

            Thread.SpinWait(20);
        }

        Interlocked.Decrement(ref _searching);

        // Somebody may have left it to this thread just before.
        if (HasWork() && TryEnter(out slot))
        {
            return true;
        }

        slot = -1;
        return false;
    }

    private bool TryEnter(out int slot) => _slots.TryEnter(Volatile.Read(ref _isSideBySide) ? null : _states, out slot);

    // While runs go one at a time, who has a slot will be done in no time: what waits there is its own.
    private ulong MayTakeFrom => Volatile.Read(ref _isSideBySide) ? ulong.MaxValue : ~_slots.Busy;

    private bool TryTake(Batch batch, int slot)
    {
        batch.Clear();
        Slot state = _states[slot];
        int here = state.Waiting;
        if (here > 0 && _queue.IsCommonEmpty && _settings.Prefer(here) == here && here <= GetShare(here, slot) * 3 / 2 && here <= GetRowsInTime())
        {
            BatchQueue.TakeAll(state, batch);
            return batch.Count > 0;
        }

        lock (_queue.Gate)
        {
            int waiting = _queue.Count + state.Waiting;
            int share = GetShare(waiting, slot);
            ulong others = MayTakeFrom & ~(1UL << slot);
            waiting = waiting == 0 ? _queue.CountAt(others) : waiting;
            if (waiting > 0 && IsDue(waiting))
            {
                _queue.Take(batch, state, _settings.Prefer(Math.Min(Math.Min(waiting, share), GetRowsInTime())), others);
            }
        }

        return batch.Count > 0;
    }

    // Where several runs may be under way, one does not take all the work: the others would have nothing to do meanwhile.
    private int GetShare(int waiting, int slot)
    {
        if (!Volatile.Read(ref _isSideBySide))
        {
            return waiting;
        }

        int outstanding = waiting + _queue.CountAt(~(1UL << slot));
        for (int i = 0; i < _states.Length; i++)
        {
            if (i != slot && _slots.IsBusy(i) && _states[i].Batch is { } batch)
            {
                outstanding += Math.Max(0, batch.Count - batch.Resumed);
            }
        }

        int share = (outstanding + _states.Length - 1) / _states.Length;
        return Math.Max(share, Volatile.Read(ref _runNanoseconds) < LongRunNanoseconds ? MinShare : 1);
    }

    // Resumes the callers of a batch that has been run.
    // Returns whether this thread has a slot and goes on.
    private bool Resume(Batch batch, ref int slot)
    {
        Slot? kept = slot >= 0 && Volatile.Read(ref _runNanoseconds) < LongRunNanoseconds ? _states[slot] : null;
        Watched watched = kept ?? WatchWithoutSlot(batch);
        if (kept is not null)
        {
            Volatile.Write(ref kept.Resuming, batch);
        }
        else if (slot >= 0)
        {
            // The next run begins before anybody is resumed.
            _states[slot].Batch = null;
            _slots.Leave(slot);
            if (HasWork())
            {
                Serve();
            }
        }

        Resumption mine = t_mine ??= new Resumption();
        mine.Begin(this, kept, batch);
        t_resuming = mine;
        while (batch.TakeNext() is { } request)
        {
            request.Complete();
        }

        t_resuming = null;
        mine.End();
        bool isRelieved = Interlocked.CompareExchange(ref watched.Resuming, null, batch) != batch;
        if (kept is not null)
        {
            return !isRelieved;
        }

        if (!isRelieved)
        {
            ReturnBatch(batch);
        }

        return Search(out slot);
    }
}
