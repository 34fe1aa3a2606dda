namespace RealtimeInference;

/// <summary>The last prediction of each key, which the next one of that key waits for. Used by the pump only.</summary>
internal sealed class KeyedOrder
{
    private const int InitialSweep = 64;
    private readonly Dictionary<object, Task> _last = [];
    private int _sweepAt = InitialSweep;

    /// <summary>Gets how many keys are held.</summary>
    public int Count => _last.Count;

    /// <summary>Gets what the next prediction of a key must wait for, if anything.</summary>
    public Task? Find(object key) => _last.TryGetValue(key, out Task? last) && !last.IsCompleted ? last : null;

    /// <summary>Puts a prediction behind the last one of its key.</summary>
    public void Add(object key, Task prediction)
    {
        if (prediction.IsCompleted)
        {
            _last.Remove(key);
            return;
        }

        _last[key] = prediction;
        if (_last.Count >= _sweepAt)
        {
            Sweep();
        }
    }

    // Not when each prediction ends, which would take a lock: a source may have a new key in every item.
    private void Sweep()
    {
        foreach ((object key, Task prediction) in _last)
        {
            if (prediction.IsCompleted)
            {
                _last.Remove(key);
            }
        }

        _sweepAt = Math.Max(InitialSweep, _last.Count * 2);
    }
}
