using System.Runtime.CompilerServices;

namespace RealtimeInference.Interleaving.Controlled;

/// <summary>Stands in for <see cref="System.Threading.Interlocked"/>: another thread may come before each operation.</summary>
internal static class Interlocked
{
    public static T CompareExchange<T>(ref T location, T value, T comparand, [CallerMemberName] string where = "")
    {
        Interleaver.Point("compare and exchange", where);
        return System.Threading.Interlocked.CompareExchange(ref location, value, comparand);
    }

    public static T Exchange<T>(ref T location, T value, [CallerMemberName] string where = "")
    {
        Interleaver.Point("exchange", where);
        return System.Threading.Interlocked.Exchange(ref location, value);
    }

    public static int Increment(ref int location, [CallerMemberName] string where = "")
    {
        Interleaver.Point("increment", where);
        return System.Threading.Interlocked.Increment(ref location);
    }

    public static int Decrement(ref int location, [CallerMemberName] string where = "")
    {
        Interleaver.Point("decrement", where);
        return System.Threading.Interlocked.Decrement(ref location);
    }

    public static ulong And(ref ulong location, ulong value, [CallerMemberName] string where = "")
    {
        Interleaver.Point("and", where);
        return System.Threading.Interlocked.And(ref location, value);
    }

    public static void MemoryBarrier([CallerMemberName] string where = "")
    {
        Interleaver.Point("fence", where);
        System.Threading.Interlocked.MemoryBarrier();
    }
}
