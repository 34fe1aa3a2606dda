namespace RealtimeInference.Redis;

/// <summary>The feature store cannot be reached, does not answer in time, or has failed so often that it is not asked for a while.</summary>
public sealed class FeatureStoreUnavailableException : PredictionException
{
    internal FeatureStoreUnavailableException(string message, TimeSpan? retryAfter, Exception? innerException)
        : base(message, innerException) =>
        RetryAfter = retryAfter;

    /// <summary>Gets when the store is asked again.</summary>
    /// <value><see langword="null"/> where the store was asked, and the next read asks it too.</value>
    public TimeSpan? RetryAfter { get; }
}
