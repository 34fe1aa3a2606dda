using System.Diagnostics;
using System.Runtime.InteropServices;

namespace RealtimeInference.Benchmarks.OpenLoop;

/// <summary>Sleeps for less than a millisecond where the system can.</summary>
/// <remarks>To spin instead would take a processor from what is measured.</remarks>
internal static class ShortSleep
{
    private static readonly long s_most = Stopwatch.Frequency / 1000;

    /// <summary>Sleeps for so many ticks of the stopwatch, about a millisecond at most.</summary>
    public static void Sleep(long ticks)
    {
        if (!OperatingSystem.IsLinux() || !Environment.Is64BitProcess)
        {
            Thread.Sleep(1);
            return;
        }

        var time = new TimeSpec { Nanoseconds = Math.Min(ticks, s_most) * 1_000_000_000 / Stopwatch.Frequency };
        _ = NanoSleep(in time, IntPtr.Zero);
    }

    [DllImport("libc", EntryPoint = "nanosleep")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int NanoSleep(in TimeSpec time, IntPtr remaining);

    [StructLayout(LayoutKind.Sequential)]
    private struct TimeSpec
    {
        public long Seconds;
        public long Nanoseconds;
    }
}
