namespace RealtimeInference.Interleaving.Controlled;

/// <summary>Stands in for <see cref="System.TimeProvider"/>: the time of the schedule, in nanoseconds.</summary>
internal readonly struct Clock
{
    public static Clock System => default;

    /// <summary>Gets or sets how much later it is each time somebody looks.</summary>
    public static long Step { get; set; }

    public long TimestampFrequency => 1_000_000_000;

    public static implicit operator Clock(global::System.TimeProvider _) => default;

    public long GetTimestamp() => Interleaver.Instance.Now += Step;

    public TimeSpan GetElapsedTime(long start) => GetElapsedTime(start, GetTimestamp());

    public TimeSpan GetElapsedTime(long start, long end) => TimeSpan.FromTicks((end - start) / 100);
}
