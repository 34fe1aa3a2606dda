using System.Runtime.InteropServices;

namespace RealtimeInference;

/// <summary>What belongs to the right to run: the batch of whoever has it, and what watchers last saw of it.</summary>
internal sealed class Slot : Watched
{
    private Padded _intake;

    /// <summary>Gets the last come of what callers asked for while whoever has the slot resumed them.</summary>
    public ref BatchRequest? Intake => ref _intake.Head;

    /// <summary>Gets how many came so and have not been taken. Right for whoever has the slot, about right for others.</summary>
    public int Waiting => Volatile.Read(ref _intake.Head)?.Depth ?? 0;

    /// <summary>Gets or sets the batch that is formed, run and resumed.</summary>
    public Batch? Batch { get; set; }

    /// <summary>Gets or sets how many callers have run at once, on their own threads.</summary>
    public uint RunsNow { get; set; }

    /// <summary>Gets or sets when a caller's own run began; 0 where it is not timed.</summary>
    public long StartedAt { get; set; }

    // Written for each request: two slots on one cache line would take it from each other each time.
    [StructLayout(LayoutKind.Explicit, Size = 192)]
    private struct Padded
    {
        [FieldOffset(96)]
        public BatchRequest? Head;
    }
}

/// <summary>That a thread is resuming callers, and for whom.</summary>
internal sealed class Resumption
{
    private Batch? _batch;

    public BatchScheduler? Scheduler { get; private set; }

    /// <summary>Gets the slot of this thread, if it kept it.</summary>
    public Slot? Slot { get; private set; }

    /// <summary>Gets whether this thread still has its slot, and so will look into the queue when it is done.</summary>
    public bool KeepsSlot => Slot is not null && Volatile.Read(ref Slot.Resuming) == _batch;

    public void Begin(BatchScheduler scheduler, Slot? slot, Batch batch) => (Scheduler, Slot, _batch) = (scheduler, slot, batch);

    public void End() => (Scheduler, Slot, _batch) = (null, null, null);
}
