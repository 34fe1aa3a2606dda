namespace RealtimeInference;

/// <summary>The deadline of the prediction passed before its model was run.</summary>
public sealed class DeadlineExceededException : PredictionException
{
    internal DeadlineExceededException(TimeSpan overdue)
        : base($"The deadline of this prediction passed {overdue.TotalMilliseconds:0.###} ms before the model was run. " +
            "Give it more time, or make the stages before the run faster; the context's timings say where the time went.") =>
        Overdue = overdue;

    internal DeadlineExceededException(TimeSpan overdue, string message)
        : base(message) =>
        Overdue = overdue;

    /// <summary>Gets how long ago the deadline had passed.</summary>
    public TimeSpan Overdue { get; }
}
