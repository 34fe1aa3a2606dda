namespace RealtimeInference.Redis.Tests;

/// <summary>Ends a test that hangs, long after everything that is right has ended.</summary>
internal static class Watchdog
{
    private static readonly TimeSpan s_limit = TimeSpan.FromMinutes(1);

    public static Task Watch(this Task task) => task.WaitAsync(s_limit);

    public static Task<T> Watch<T>(this Task<T> task) => task.WaitAsync(s_limit);

    /// <summary>Waits for something that comes true by itself.</summary>
    public static async Task Until(Func<bool> isTrue, string because)
    {
        DateTime end = DateTime.UtcNow + s_limit;
        while (!isTrue())
        {
            (DateTime.UtcNow < end).Should().BeTrue(because);
            await Task.Delay(10);
        }
    }
}
