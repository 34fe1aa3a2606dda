namespace RealtimeInference.Interleaving.Controlled;

/// <summary>Stands in for <see cref="System.Threading.Thread"/>: a thread of the schedule.</summary>
internal sealed class Thread(Action job)
{
    private static readonly Thread s_poolThread = new(static () => { });

    /// <summary>Gets or sets threads that are made, but never run: the watchdog would heal a lost wake-up.</summary>
    public static string? Suppressed { get; set; }

    public static Thread CurrentThread => s_poolThread;

    public bool IsThreadPoolThread => true;

    public bool IsBackground { get; set; }

    public string Name { get; set; } = "";

    public ThreadPriority Priority { get; set; }

    public static void SpinWait(int iterations) => Interleaver.Point("spin");

    public static bool Yield()
    {
        Interleaver.Point("yield");
        return true;
    }

    public void UnsafeStart()
    {
        Interleaver.Point("start");
        if (Name != Suppressed)
        {
            Interleaver.Instance.Spawn(Name, job);
        }
    }
}
