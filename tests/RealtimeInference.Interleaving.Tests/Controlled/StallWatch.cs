namespace RealtimeInference;

/// <summary>Stands in for the watch that runs when a processor is idle, which is native code: scenarios look instead of it.</summary>
internal static class StallWatch
{
    /// <summary>Gets how many workers were relieved.</summary>
    public static int Count { get; private set; }

    public static void Reset() => Count = 0;

    public static void Note(long now) => Count++;
}
