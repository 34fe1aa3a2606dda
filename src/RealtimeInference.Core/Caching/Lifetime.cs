namespace RealtimeInference;

/// <summary>How long one prediction is kept.</summary>
internal static class Lifetime
{
    /// <summary>Draws a time from the full one down to what the jitter allows.</summary>
    public static TimeSpan Draw(TimeSpan timeToLive, PredictionCacheOptions options)
    {
        // Only ever shorter: the time to live stays the promise that it is.
        TimeSpan drawn = timeToLive * (1 - (options.Jitter * options.NextDouble()));
        return drawn > TimeSpan.Zero ? drawn : TimeSpan.FromTicks(1);
    }
}
