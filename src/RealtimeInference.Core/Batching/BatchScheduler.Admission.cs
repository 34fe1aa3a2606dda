namespace RealtimeInference;

/// <content>Who may queue: bounds, and the estimate of when one who queues now would be answered.</content>
internal sealed partial class BatchScheduler
{
    // A run may last as long as this part of what the deadlines leave; the rest is for the queue, and for the run before.
    private const double RunsWithinDeadline = 4;

    // Estimates are of an average: refused too early, a request costs nothing; served too late, it costs a run.
    private const double Caution = 1.25;

    // What is said while nothing has been measured yet.
    private static readonly TimeSpan s_leastRetry = TimeSpan.FromMilliseconds(1);

    private double _urgency;

    /// <summary>Refuses a request that the queue cannot take, or not in time.</summary>
    /// <returns>The refusal, not thrown: under overload there are many.</returns>
    public OverloadedException? Refuse(PredictionContext context)
    {
        int waiting = _queue.Count;
        if (waiting >= _settings.MaxQueueLength)
        {
            return Full();
        }

        TimeSpan left = context.TimeLeft;
        NoteDeadline(left);
        if (context.HasDeadline && waiting > 0)
        {
            TimeSpan wait = EstimateEnd(waiting);
            if (wait.Ticks > 0 && wait > left)
            {
                return new OverloadedException(
                    $"The model '{_model.Name}' cannot make the deadline: {waiting} examples wait, it would take about {wait.TotalMilliseconds:0.#} ms, and " +
                    $"{left.TotalMilliseconds:0.#} ms are left. Nothing was run. Try again after RetryAfter, or allow more time.",
                    wait);
            }
        }

        return null;
    }

    private OverloadedException Full()
    {
        int waiting = _queue.Count;
        TimeSpan wait = EstimateWait(waiting);
        wait = wait < s_leastRetry ? s_leastRetry : wait;
        return new OverloadedException(
            $"The queue of model '{_model.Name}' is full: {waiting} examples wait and MaxQueueLength is {_settings.MaxQueueLength}. Nothing was run. " +
            $"Try again after RetryAfter ({wait.TotalMilliseconds:0.#} ms), send the request elsewhere, or allow a longer queue.",
            wait);
    }

    private TimeSpan EstimateWait(int waiting)
    {
        long nanoseconds = Volatile.Read(ref _nanosecondsPerRow) * waiting / _states.Length;
        return TimeSpan.FromTicks(Math.Max(nanoseconds / 100, nanoseconds == 0 ? 0 : 1));
    }

    // When one who queues now would be answered: after what waits, what is being run, and its own batch.
    private TimeSpan EstimateEnd(int waiting)
    {
        int running = 0;
        for (int i = 0; i < _states.Length; i++)
        {
            running += _slots.IsBusy(i) && _states[i].Batch is { } batch ? batch.Count - batch.Resumed : 0;
        }

        long perRow = Volatile.Read(ref _nanosecondsPerRow);
        double nanoseconds = perRow * (((double)(waiting + Math.Max(running, 0)) / _states.Length) + Math.Min(waiting + 1, GetRowsInTime()));
        return TimeSpan.FromTicks((long)(nanoseconds * Caution / 100));
    }

    // Tight deadlines want small batches: who comes during a run waits for its end, and then for that of its own.
    private int GetRowsInTime()
    {
        double rows = 1e9 / (RunsWithinDeadline * Volatile.Read(ref _urgency) * Math.Max(Volatile.Read(ref _nanosecondsPerRow), 1));
        return rows < _settings.MaxBatchSize ? Math.Max((int)rows, 1) : _settings.MaxBatchSize;
    }

    // An average of what the deadlines leave, as its inverse, so that those who have none count as well.
    private void NoteDeadline(TimeSpan left)
    {
        double urgency = left == TimeSpan.MaxValue ? 0 : 1 / Math.Max(left.TotalSeconds, 1e-6);
        Volatile.Write(ref _urgency, _urgency + ((urgency - _urgency) / 32));
    }
}
