namespace RealtimeInference.Interleaving.Controlled;

/// <summary>Stands in for <see cref="System.Threading.Volatile"/>: another thread may come before each access.</summary>
internal static class Volatile
{
    // Threads run one at a time, each handed its turn through a semaphore, so that a plain access is as good.
    public static T Read<T>(ref readonly T location)
    {
        Interleaver.Point("read");
        return location;
    }

    public static void Write<T>(ref T location, T value)
    {
        Interleaver.Point("write");
        location = value;
    }
}
