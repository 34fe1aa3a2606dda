using System.Numerics;

namespace RealtimeInference.Interleaving;

/// <summary>Every schedule with at most so many preemptions, one after the other; changes that a wait forces are free.</summary>
/// <remarks>Musuvathi, Qadeer: Iterative Context Bounding for Systematic Testing of Multithreaded Programs, PLDI 2007 (CHESS).</remarks>
/// <param name="preemptions">How many.</param>
internal sealed class BoundedSearch(int preemptions) : IStrategy
{
    private readonly List<Choice> _path = [];
    private int _depth;
    private int _count = -1;

    /// <summary>Gets whether there are no more.</summary>
    public bool IsComplete { get; private set; }

    public string Description => $"search with {preemptions} preemptions, schedule {_count}, choices {string.Join(' ', _path.Select(static c => c.Chosen))}";

    public bool Begin(bool again)
    {
        _depth = 0;
        if (again)
        {
            return true;
        }

        if (++_count > 0)
        {
            while (_path.Count > 0 && _path[^1].Others == 0)
            {
                _path.RemoveAt(_path.Count - 1);
            }

            if (_path.Count == 0)
            {
                IsComplete = true;
                return false;
            }

            Choice last = _path[^1];
            int next = BitOperations.TrailingZeroCount(last.Others);
            _path[^1] = last with { Chosen = next, Others = last.Others & (last.Others - 1), Preemptions = Before(_path.Count - 1) + (last.IsForced ? 0 : 1) };
        }

        return true;
    }

    public void Add(int thread)
    {
    }

    public int Next(int current, ulong enabled)
    {
        if (_depth < _path.Count)
        {
            return _path[_depth++].Chosen;
        }

        bool isForced = (enabled & (1UL << current)) == 0;
        int before = Before(_depth);
        int first = isForced ? BitOperations.TrailingZeroCount(enabled) : current;
        ulong others = !isForced && before >= preemptions ? 0 : enabled & ~(1UL << first);
        _path.Add(new Choice(first, others, before, isForced));
        _depth++;
        return first;
    }

    private int Before(int depth) => depth == 0 ? 0 : _path[depth - 1].Preemptions;

    private readonly record struct Choice(int Chosen, ulong Others, int Preemptions, bool IsForced);
}
