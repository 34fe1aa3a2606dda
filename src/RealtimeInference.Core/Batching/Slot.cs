namespace RealtimeInference;

/// <summary>What belongs to the right to run: the batch of whoever has it, and what watchers last saw of it.</summary>
internal sealed class Slot
{
    /// <summary>The batch whose callers are being resumed by whoever has the slot. Taking it out takes the slot over.</summary>
    public Batch? Resuming;

    /// <summary>Gets or sets the batch that is formed, run and resumed.</summary>
    public Batch? Batch { get; set; }

    public Batch? SeenBatch { get; set; }

    public int SeenUses { get; set; }

    public int SeenResumed { get; set; }

    public long SeenAt { get; set; }

    public long SeenFirstAt { get; set; }
}

/// <summary>That a thread is resuming callers, and for whom.</summary>
internal sealed class Resumption
{
    private Slot? _slot;
    private Batch? _batch;

    public BatchScheduler? Scheduler { get; private set; }

    /// <summary>Gets whether this thread still has its slot, and so will look into the queue when it is done.</summary>
    public bool KeepsSlot => _slot is not null && Volatile.Read(ref _slot.Resuming) == _batch;

    public void Begin(BatchScheduler scheduler, Slot? slot, Batch batch) => (Scheduler, _slot, _batch) = (scheduler, slot, batch);

    public void End() => (Scheduler, _slot, _batch) = (null, null, null);
}
