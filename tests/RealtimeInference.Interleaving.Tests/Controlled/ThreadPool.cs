namespace RealtimeInference.Interleaving.Controlled;

/// <summary>Stands in for <see cref="System.Threading.ThreadPool"/>.</summary>
internal static class ThreadPool
{
    /// <summary>Gets or sets how many wait for a thread.</summary>
    public static long PendingWorkItemCount { get; set; }
}
