using System.Collections.Concurrent;

namespace RealtimeInference;

/// <summary>What travels with one prediction: id, deadline, model version, and how long each stage took.</summary>
/// <remarks>
/// Contexts are pooled. A caller who wants to read one rents it, passes it to the predictor, reads it and disposes it;
/// stages and decorators receive it and must not keep it. Used by one prediction at a time, and not thread-safe.
/// </remarks>
public sealed partial class PredictionContext : IDisposable
{
#if DEBUG
    // Small, so that ordinary tests reach the growth of the timings and the end of the pool.
    private const int InitialTimings = 2;
    private const int MaxPooled = 4;
#else
    private const int InitialTimings = 8;

    // As many predictions as a host has under way at once, with room to spare; more are left to the garbage collector.
    private const int MaxPooled = 1024;
#endif

    private static readonly ConcurrentQueue<PredictionContext> s_pool = new();
    private static int s_pooled;

    // The last context that this thread gave back: a synchronous prediction finds it without a shared write.
    [ThreadStatic]
    private static PredictionContext? t_last;

    private readonly FaultCollector _faults = new();
    private StageTiming[] _timings = new StageTiming[InitialTimings];
    private int _timingCount;
    private long _mark;
    private long _deadline = long.MaxValue;
    private Guid _id;
    private bool _isRented;
    private bool _isTimed;

    private PredictionContext()
    {
    }

    /// <summary>Gets or sets the id of the prediction.</summary>
    /// <value>A version 7 UUID, made when it is first read, unless the caller sets one.</value>
    public Guid Id
    {
        get => _id == Guid.Empty ? _id = Guid.CreateVersion7(TimeProvider.GetUtcNow()) : _id;
        set => _id = value;
    }

    /// <summary>Gets the clock of this prediction.</summary>
    public TimeProvider TimeProvider { get; private set; } = TimeProvider.System;

    /// <summary>Gets the name of the model that ran last in this prediction.</summary>
    public string? ModelName { get; internal set; }

    /// <summary>Gets the version of the model that ran last in this prediction.</summary>
    public string? ModelVersion { get; internal set; }

    /// <summary>Gets whether the prediction was answered without a run of its own: from a cache, or from an identical request's run.</summary>
    public bool IsCached { get; internal set; }

    /// <summary>Gets or sets who goes first where predictions queue for a model.</summary>
    /// <value>What the predictor's <see cref="PredictorOptions"/> say, unless the caller sets one.</value>
    public PredictionPriority Priority { get; set; }

    /// <summary>Gets whether features of this prediction were not to be had, so that it was made with defaults.</summary>
    /// <value>Known of every prediction, also of one that is not timed. Such a prediction is no answer to keep for others.</value>
    public bool HasDefaultedFeatures { get; internal set; }

    /// <summary>Gets the stages that have ended so far, in order, each with its time. Valid until the context is disposed.</summary>
    public ReadOnlySpan<StageTiming> Timings => _timings.AsSpan(0, _timingCount);

    /// <summary>Gets whether there is a deadline.</summary>
    public bool HasDeadline => _deadline != long.MaxValue;

    /// <summary>Gets how much time is left; negative once the deadline has passed.</summary>
    /// <value><see cref="TimeSpan.MaxValue"/> where there is no deadline.</value>
    public TimeSpan TimeLeft => HasDeadline
        ? TimeProvider.GetElapsedTime(TimeProvider.GetTimestamp(), _deadline)
        : TimeSpan.MaxValue;

    /// <summary>Takes a context from the pool. Dispose it to give it back.</summary>
    /// <param name="timeProvider">The clock; the system's by default.</param>
    /// <returns>A context that nobody else has.</returns>
    public static PredictionContext Rent(TimeProvider? timeProvider = null) => Rent(timeProvider ?? TimeProvider.System, isTimed: true);

    /// <summary>Takes a context from the pool, with what the predictor and the caller say.</summary>
    internal static PredictionContext Rent(PredictorOptions predictor, PredictionOptions call, bool isTimed)
    {
        PredictionContext context = Rent(predictor.TimeProvider, isTimed);
        context.Priority = call.Priority ?? predictor.Priority;
        if ((call.Deadline ?? predictor.Deadline) is { } deadline)
        {
            context.SetDeadline(deadline);
        }

        return context;
    }

    /// <summary>Takes a context from the pool, with or without the cost of reading the clock at every stage.</summary>
    internal static PredictionContext Rent(TimeProvider timeProvider, bool isTimed)
    {
        PredictionContext? context = t_last;
        if (context is not null)
        {
            t_last = null;
        }
        else if (s_pool.TryDequeue(out context))
        {
            Interlocked.Decrement(ref s_pooled);
        }
        else
        {
            context = new PredictionContext();
        }

        context._isRented = true;
        context.TimeProvider = timeProvider;
        context._isTimed = isTimed;
        if (isTimed)
        {
            context._mark = timeProvider.GetTimestamp();
        }

        return context;
    }

    /// <summary>Sets the deadline, counted from now; one that is already nearer stays.</summary>
    /// <param name="budget">How long the prediction may take; not negative.</param>
    public void SetDeadline(TimeSpan budget)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(budget, TimeSpan.Zero);
        double ticks = budget.TotalSeconds * TimeProvider.TimestampFrequency;
        long now = TimeProvider.GetTimestamp();
        if (ticks < long.MaxValue - (double)now)
        {
            _deadline = Math.Min(_deadline, now + (long)ticks);
        }
    }

    /// <summary>Ends a stage: records the time since the last stage ended, or since the context was rented.</summary>
    /// <param name="stage">The name of the stage.</param>
    public void EndStage(string stage)
    {
        if (_isTimed)
        {
            AddTiming(stage, TimeProvider.GetTimestamp());
        }
    }

    /// <summary>Ends a stage at a time that was read before.</summary>
    internal void EndStage(string stage, long timestamp)
    {
        if (_isTimed)
        {
            AddTiming(stage, timestamp);
        }
    }

    /// <summary>Gives the context back to the pool. It must not be used afterwards.</summary>
    public void Dispose()
    {
        if (!_isRented)
        {
            return;
        }

        _isRented = false;
        _timingCount = 0;

        // A validator that threw has left what it had reported before.
        _faults.Clear();
        _deadline = long.MaxValue;
        _id = Guid.Empty;
        Priority = default;
        ModelName = null;
        ModelVersion = null;
        HasDefaultedFeatures = false;
        Record?.Clear();
        IsCached = false;
        if (t_last is null)
        {
            t_last = this;
        }
        else if (Interlocked.Increment(ref s_pooled) <= MaxPooled)
        {
            s_pool.Enqueue(this);
        }
        else
        {
            Interlocked.Decrement(ref s_pooled);
        }
    }

    /// <summary>Gets whether somebody may read the context after the prediction.</summary>
    internal bool IsTimed => _isTimed;

    /// <summary>Gets the deadline as a timestamp of <see cref="TimeProvider"/>; <see cref="long.MaxValue"/> for none.</summary>
    internal long Deadline => _deadline;

    /// <summary>Gets the collector that validators of this prediction share; it is empty between stages.</summary>
    internal FaultCollector Faults => _faults;

    /// <summary>Gets or sets what a lookup of features has to say about this prediction. Stays with the context from one prediction to the next.</summary>
    internal IContextRecord? Record { get; set; }

    /// <summary>Refuses to go on if the deadline has passed.</summary>
    internal void ThrowIfExpired()
    {
        if (HasDeadline && TimeLeft is { Ticks: < 0 } left)
        {
            throw new DeadlineExceededException(-left);
        }
    }

    private void AddTiming(string stage, long now)
    {
        if (_timingCount == _timings.Length)
        {
            Array.Resize(ref _timings, _timings.Length * 2);
        }

        _timings[_timingCount++] = new StageTiming(stage, now - _mark, TimeProvider.TimestampFrequency);
        _mark = now;
    }
}
