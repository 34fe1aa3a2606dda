namespace RealtimeInference;

/// <summary>Stands in for the watch that runs when a processor is idle, which is native code: scenarios look instead of it.</summary>
internal static class StallWatch
{
    public const int Spins = 1;

    /// <summary>Gets how many workers were relieved.</summary>
    public static int Count { get; private set; }

    public static void Reset() => Count = 0;

    public static void Note(long now) => Count++;

    /// <summary>Nobody stands by: it would heal a lost wake-up.</summary>
    public static bool TryStandBy() => false;

    public static bool IsCrowded(long now) => false;

    public static void EndStandBy()
    {
    }
}
