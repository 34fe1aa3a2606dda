using System.Numerics;

namespace RealtimeInference;

/// <summary>The right to run: as many slots as runs may be under way at once. A bit of one word for each.</summary>
internal sealed class RunSlots(int count)
{
    private readonly ulong _all = count == 64 ? ulong.MaxValue : (1UL << count) - 1;
    private ulong _busy;

    public int Count => count;

    /// <summary>Gets the slots that are taken, a bit for each.</summary>
    public ulong Busy => Volatile.Read(ref _busy);

    public bool IsAnyBusy => Volatile.Read(ref _busy) != 0;

    public bool IsBusy(int slot) => (Volatile.Read(ref _busy) & (1UL << slot)) != 0;

    /// <summary>Takes a slot.</summary>
    /// <param name="alone">Where runs go one at a time, what belongs to the slots: none is given while the model runs; else null.</param>
    /// <param name="slot">The slot.</param>
    /// <returns>Whether there was one.</returns>
    public bool TryEnter(Slot[]? alone, out int slot)
    {
        ulong busy = Volatile.Read(ref _busy);
        while (busy != _all && (alone is null || busy == 0 || !IsRunning(alone, busy)))
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

    // Whoever resumes its callers has its slot, but the model is idle.
    private static bool IsRunning(Slot[] states, ulong busy)
    {
        for (; busy != 0; busy &= busy - 1)
        {
            if (Volatile.Read(ref states[BitOperations.TrailingZeroCount(busy)].Resuming) is null)
            {
                return true;
            }
        }

        return false;
    }
}
