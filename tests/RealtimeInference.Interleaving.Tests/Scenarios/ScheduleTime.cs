namespace RealtimeInference.Interleaving;

/// <summary>The time of the schedule, for the code that is not linked.</summary>
internal sealed class ScheduleTime : System.TimeProvider
{
    public static ScheduleTime Instance { get; } = new();

    public override long TimestampFrequency => 1_000_000_000;

    public override long GetTimestamp() => Interleaver.Instance.Now;
}
