using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;

namespace RealtimeInference;

/// <summary>Rows by view and key. Readers take no lock and see a row as a whole; what is used least lately leaves a full table first.</summary>
/// <remarks>
/// Rows lie in a ring besides. Its hand gives each row that was read since it last came by another round, which comes close
/// to the order of use without a write on each read.
/// </remarks>
/// <typeparam name="TRow">Immutable.</typeparam>
internal sealed class FeatureTable<TRow>
    where TRow : class
{
#if DEBUG
    private const int InitialSlots = 2;
#else
    private const int InitialSlots = 256;
#endif

    // Each row that comes has the hand look at so many: garbage never outweighs what is alive for long.
    private const int LooksPerAdd = 2;

    private readonly ConcurrentDictionary<FeatureRowKey, Slot> _slots = new();
    private readonly Lock _lock = new();
    private readonly int _maxRows;

    // Whether a row is of no use any more.
    private readonly Func<TRow, bool> _isDead;
    private Slot[] _ring = new Slot[InitialSlots];
    private int _count;
    private int _hand;

    public FeatureTable(int? maxRows, Func<TRow, bool> isDead)
    {
        _maxRows = maxRows ?? Array.MaxLength;
        _isDead = isDead;
    }

    public int Count => Volatile.Read(ref _count);

    public bool TryGet(FeatureRowKey key, [NotNullWhen(true)] out TRow? row)
    {
        if (_slots.TryGetValue(key, out Slot? slot) && slot.Row is { } found)
        {
            // Written only when it changes, so that readers of a hot row share its line.
            if (!slot.IsUsed)
            {
                slot.IsUsed = true;
            }

            row = found;
            return true;
        }

        row = null;
        return false;
    }

    /// <summary>Puts a row in the place of the one that is there, if that may be replaced.</summary>
    /// <returns>Whether it was put there.</returns>
    public bool Put(FeatureRowKey key, TRow row, Func<TRow, TRow, bool> mayReplace)
    {
        while (true)
        {
            if (_slots.TryGetValue(key, out Slot? slot))
            {
                TRow? old = slot.Row;

                // Removed, but not out of the dictionary yet: then the lock below waits for that.
                while (old is not null)
                {
                    if (!mayReplace(old, row))
                    {
                        return false;
                    }

                    TRow? seen = Interlocked.CompareExchange(ref slot.Row, row, old);
                    if (seen == old)
                    {
                        return true;
                    }

                    old = seen;
                }
            }

            lock (_lock)
            {
                if (!_slots.ContainsKey(key))
                {
                    Add(key, row);
                    return true;
                }
            }
        }
    }

    public bool Remove(FeatureRowKey key)
    {
        lock (_lock)
        {
            if (!_slots.TryGetValue(key, out Slot? slot))
            {
                return false;
            }

            RemoveAt(slot.Index);
            return true;
        }
    }

    /// <summary>Removes every row that is of no use any more.</summary>
    /// <returns>How many there were.</returns>
    public int RemoveDead()
    {
        int removed = 0;
        lock (_lock)
        {
            for (int i = _count - 1; i >= 0; i--)
            {
                if (_ring[i].Row is { } row && _isDead(row))
                {
                    RemoveAt(i);
                    removed++;
                }
            }
        }

        return removed;
    }

    private void Add(FeatureRowKey key, TRow row)
    {
        for (int i = 0; i < LooksPerAdd && _count > 0; i++)
        {
            int at = _hand = _hand + 1 < _count ? _hand + 1 : 0;
            if (_ring[at].Row is { } old && _isDead(old))
            {
                RemoveAt(at);
            }
        }

        if (_count >= _maxRows)
        {
            Evict();
        }

        if (_count == _ring.Length)
        {
            Array.Resize(ref _ring, _ring.Length * 2);
        }

        var slot = new Slot(key, row) { Index = _count };
        _ring[_count] = slot;
        Volatile.Write(ref _count, _count + 1);
        _slots[key] = slot;
    }

    private void Evict()
    {
        while (true)
        {
            _hand = _hand + 1 < _count ? _hand + 1 : 0;
            if (!_ring[_hand].IsUsed)
            {
                RemoveAt(_hand);
                return;
            }

            _ring[_hand].IsUsed = false;
        }
    }

    private void RemoveAt(int index)
    {
        Slot slot = _ring[index];

        // First: from now on no writer can put a row into a slot that nobody finds any more.
        Interlocked.Exchange(ref slot.Row, null);
        _slots.TryRemove(slot.Key, out _);
        Slot last = _ring[_count - 1];
        _ring[index] = last;
        last.Index = index;
        _ring[_count - 1] = null!;
        Volatile.Write(ref _count, _count - 1);
    }

    private sealed class Slot(FeatureRowKey key, TRow row)
    {
        // Null once the slot is removed.
        public volatile TRow? Row = row;
        public volatile bool IsUsed;

        public FeatureRowKey Key { get; } = key;

        public int Index { get; set; }
    }
}
