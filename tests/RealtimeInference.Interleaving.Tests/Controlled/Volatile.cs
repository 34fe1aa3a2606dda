using System.Runtime.CompilerServices;

namespace RealtimeInference.Interleaving.Controlled;

/// <summary>Stands in for <see cref="System.Threading.Volatile"/>: another thread may come before each access.</summary>
internal static class Volatile
{
    // Threads run one at a time, each handed its turn through a semaphore, so that a plain access is as good.
    public static T Read<T>(ref readonly T location, [CallerMemberName] string where = "")
    {
        Interleaver.Point("read", where);
        return location;
    }

    public static void Write<T>(ref T location, T value, [CallerMemberName] string where = "")
    {
        Interleaver.Point("write", where);
        location = value;
    }
}
