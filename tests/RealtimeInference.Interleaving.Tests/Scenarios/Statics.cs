using System.Reflection;

namespace RealtimeInference.Interleaving;

/// <summary>Sets back what production code keeps in static fields, so that a schedule does not depend on those before it.</summary>
internal static class Statics
{
    private const BindingFlags Private = BindingFlags.Static | BindingFlags.NonPublic;

    private static readonly FieldInfo s_last = typeof(BatchingStage<long, long>).GetField("t_last", Private)!;
    private static readonly FieldInfo s_resuming = typeof(BatchScheduler).GetField("t_resuming", Private)!;
    private static readonly FieldInfo s_schedulers = typeof(Watchdog).GetField("s_schedulers", Private)!;
    private static readonly FieldInfo s_thread = typeof(Watchdog).GetField("s_thread", Private)!;
    private static readonly Stack<WorkerThread> s_idle = (Stack<WorkerThread>)typeof(WorkerThread).GetField("s_idle", Private)!.GetValue(null)!;
    private static readonly List<BatchScheduler> s_watched = (List<BatchScheduler>)typeof(Watchdog).GetField("s_watched", Private)!.GetValue(null)!;

    public static void Reset()
    {
        s_idle.Clear();
        s_watched.Clear();
        s_schedulers.SetValue(null, Array.Empty<BatchScheduler>());
        s_thread.SetValue(null, null);
    }

    /// <summary>The same for the thread that calls.</summary>
    public static void ResetThread()
    {
        s_last.SetValue(null, null);
        s_resuming.SetValue(null, null);
    }
}
