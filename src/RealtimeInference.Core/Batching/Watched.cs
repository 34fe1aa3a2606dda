namespace RealtimeInference;

/// <summary>A batch whose callers are being resumed, and what watchers last saw of it.</summary>
internal class Watched
{
    /// <summary>
    /// The batch whose callers are being resumed. Taking it out takes over those that still wait, and the slot, where this is one.
    /// </summary>
    public Batch? Resuming;

    /// <summary>Gets or sets the next of those that are no slot.</summary>
    public Watched? Next { get; set; }

    public Batch? SeenBatch { get; set; }

    public int SeenUses { get; set; }

    public int SeenResumed { get; set; }

    public long SeenAt { get; set; }

    public long SeenFirstAt { get; set; }
}
