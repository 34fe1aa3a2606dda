namespace RealtimeInference;

/// <summary>One example on its way through a queue and a batch. Pooled.</summary>
/// <remarks>
/// Its state says who may complete it. While it waits, the scheduler may claim it and the caller may withdraw it (by its
/// token, or by its deadline); one compare-and-swap decides. A withdrawn request is recycled when both have let go of it.
/// </remarks>
internal abstract class BatchRequest(ModelSignature signature, string[] masks)
{
    private const int Waiting = 0;
    private const int Claimed = 1;
    private const int Withdrawn = 2;
    private const int WithdrawnAndRead = 3;
    private const int WithdrawnAndDropped = 4;
    private const int Idle = -1;

    private int _state = Idle;

    /// <summary>Gets the encoded example.</summary>
    public InputSet Row { get; } = new(signature, masks);

    /// <summary>Gets or sets the next in the list that this is in.</summary>
    public BatchRequest? Next { get; set; }

    /// <summary>Gets or sets how many have arrived and not been looked at, this one included.</summary>
    public int Depth { get; set; }

    /// <summary>Gets or sets which batch was the next when this came.</summary>
    public long Arrival { get; set; }

    public PredictionPriority Priority { get; set; }

    /// <summary>Gets or sets how many elements of variable length it has.</summary>
    public long Elements { get; set; }

    public TimeProvider TimeProvider { get; set; } = TimeProvider.System;

    /// <summary>Gets or sets the deadline as a timestamp of <see cref="TimeProvider"/>.</summary>
    public long Deadline { get; set; } = long.MaxValue;

    /// <summary>Gets or sets when it came; only where somebody waits for fuller batches.</summary>
    public long ArrivedAt { get; set; }

    /// <summary>Gets or sets the context, where somebody reads it. Only whoever claimed the request may touch it.</summary>
    public PredictionContext? Context { get; set; }

    public long RunStartedAt { get; set; }

    public long RunEndedAt { get; set; }

    /// <summary>Gets or sets whether the caller may withdraw it.</summary>
    public bool CanBeWithdrawn { get; set; }

    /// <summary>Gets or sets the batch that it was taken into.</summary>
    public Batch? Batch { get; set; }

    public bool IsWithdrawn => Volatile.Read(ref _state) >= Withdrawn;

    /// <summary>Makes the scheduler the one that completes it.</summary>
    public bool TryClaim()
    {
        if (!CanBeWithdrawn)
        {
            _state = Claimed;
            return true;
        }

        return Interlocked.CompareExchange(ref _state, Claimed, Waiting) == Waiting;
    }

    /// <summary>Completes it early, from outside the scheduler.</summary>
    /// <returns>Whether it was still waiting.</returns>
    public bool TryWithdraw(Exception error)
    {
        if (Interlocked.CompareExchange(ref _state, Withdrawn, Waiting) != Waiting)
        {
            return false;
        }

        Batch? batch = Batch;
        CompleteElsewhere(error);
        batch?.EndIfNobodyWaits();
        return true;
    }

    /// <summary>Withdraws it if its deadline has passed.</summary>
    public bool TryExpire()
    {
        if (Deadline == long.MaxValue)
        {
            return false;
        }

        long now = TimeProvider.GetTimestamp();
        return now > Deadline && TryWithdraw(new DeadlineExceededException(TimeProvider.GetElapsedTime(Deadline, now)));
    }

    /// <summary>Lets go of a request that was withdrawn.</summary>
    public void Drop()
    {
        if (Interlocked.CompareExchange(ref _state, WithdrawnAndDropped, Withdrawn) == WithdrawnAndRead)
        {
            Recycle();
        }
    }

    /// <summary>Reads the result of a claimed request from the outputs. An error is kept as its result.</summary>
    public abstract void Decode(ModelRunner runner, int row);

    /// <summary>Makes an error the result of a claimed request.</summary>
    public abstract void SetError(Exception error);

    /// <summary>Resumes the caller of a claimed request, on this thread. The request must not be touched afterwards.</summary>
    public abstract void Complete();

    /// <summary>Resumes the caller with an error, on a thread of the pool.</summary>
    protected abstract void CompleteElsewhere(Exception error);

    protected abstract void Recycle();

    /// <summary>The caller has read the result.</summary>
    protected void Release()
    {
        if (_state == Claimed || Interlocked.CompareExchange(ref _state, WithdrawnAndRead, Withdrawn) == WithdrawnAndDropped)
        {
            Recycle();
        }
    }

    /// <summary>From here on it may be withdrawn or claimed: everything else is set.</summary>
    protected void Activate() => Volatile.Write(ref _state, Waiting);

    protected void Reset()
    {
        // Whoever still looks at it, to see whether its deadline has passed, must find nothing to withdraw.
        _state = Idle;
        Deadline = long.MaxValue;
        Batch = null;
        Context = null;
        Next = null;
        CanBeWithdrawn = false;
    }
}
