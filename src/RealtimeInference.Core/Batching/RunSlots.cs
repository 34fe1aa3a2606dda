using System.Numerics;

namespace RealtimeInference;

/// <summary>The right to run: as many slots as runs may be under way at once. A bit of one word for each.</summary>
internal sealed class RunSlots(int count)
{
    private readonly ulong _all = count == 64 ? ulong.MaxValue : (1UL << count) - 1;
    private ulong _busy;

    public int Count => count;

    public bool IsAnyBusy => Volatile.Read(ref _busy) != 0;

    public bool IsBusy(int slot) => (Volatile.Read(ref _busy) & (1UL << slot)) != 0;

    public bool TryEnter(out int slot)
    {
        ulong busy = Volatile.Read(ref _busy);
        while (busy != _all)
        {
            ulong free = ~busy & _all;
            ulong bit = free & (0 - free);
            ulong seen = Interlocked.CompareExchange(ref _busy, busy | bit, busy);
            if (seen == busy)
            {
                slot = BitOperations.TrailingZeroCount(bit);
                return true;
            }

            busy = seen;
        }

        slot = -1;
        return false;
    }

    public void Leave(int slot) => Interlocked.And(ref _busy, ~(1UL << slot));
}
