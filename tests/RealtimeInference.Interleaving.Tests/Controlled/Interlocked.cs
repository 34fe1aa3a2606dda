namespace RealtimeInference.Interleaving.Controlled;

/// <summary>Stands in for <see cref="System.Threading.Interlocked"/>: another thread may come before each operation.</summary>
internal static class Interlocked
{
    public static T CompareExchange<T>(ref T location, T value, T comparand)
    {
        Interleaver.Point("compare and exchange");
        return System.Threading.Interlocked.CompareExchange(ref location, value, comparand);
    }

    public static T Exchange<T>(ref T location, T value)
    {
        Interleaver.Point("exchange");
        return System.Threading.Interlocked.Exchange(ref location, value);
    }

    public static int Increment(ref int location)
    {
        Interleaver.Point("increment");
        return System.Threading.Interlocked.Increment(ref location);
    }

    public static int Decrement(ref int location)
    {
        Interleaver.Point("decrement");
        return System.Threading.Interlocked.Decrement(ref location);
    }

    public static ulong And(ref ulong location, ulong value)
    {
        Interleaver.Point("and");
        return System.Threading.Interlocked.And(ref location, value);
    }

    public static void MemoryBarrier()
    {
        Interleaver.Point("fence");
        System.Threading.Interlocked.MemoryBarrier();
    }
}
