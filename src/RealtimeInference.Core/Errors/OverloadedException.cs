namespace RealtimeInference;

/// <summary>The request was refused at once because more is being asked than can be answered in time.</summary>
/// <remarks>Nothing was run. Try again after <see cref="RetryAfter"/>, or send the request to another host.</remarks>
public sealed class OverloadedException : PredictionException
{
    /// <summary>Initializes a new instance of the <see cref="OverloadedException"/> class.</summary>
    /// <param name="message">What is full, how full, and what can be done.</param>
    /// <param name="retryAfter">When the request may be tried again; not negative.</param>
    /// <param name="innerException">The cause.</param>
    public OverloadedException(string message, TimeSpan retryAfter, Exception? innerException = null)
        : base(message, innerException)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(retryAfter, TimeSpan.Zero);
        RetryAfter = retryAfter;
    }

    /// <summary>Gets how long to wait before the next try: what is queued now should be done by then.</summary>
    public TimeSpan RetryAfter { get; }
}
