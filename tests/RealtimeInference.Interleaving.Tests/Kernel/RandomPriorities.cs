using System.Numerics;

namespace RealtimeInference.Interleaving;

/// <summary>
/// Random priorities that change at a few random points: finds a bug that needs so few ordered events with a known least
/// probability, however many threads and steps there are.
/// </summary>
/// <remarks>Burckhardt, Kothari, Musuvathi, Nagarakatte: A Randomized Scheduler with Probabilistic Guarantees of Finding Bugs, ASPLOS 2010.</remarks>
/// <param name="firstSeed">The first seed.</param>
/// <param name="steps">About how many steps a schedule has.</param>
internal sealed class RandomPriorities(int firstSeed, int steps) : IStrategy
{
    private const int MaxChanges = 5;

    private readonly ulong[] _priorities = new ulong[64];
    private readonly int[] _changes = new int[MaxChanges];
    private int _seed = firstSeed - 1;
    private int _step;
    private Dice _dice;

    public string Description => $"random priorities over {steps} steps, seed {_seed}";

    public bool Begin(bool again)
    {
        _seed += again ? 0 : 1;
        _dice = new Dice((ulong)_seed);
        _step = 0;
        int changes = (int)_dice.Roll(MaxChanges + 1);
        for (int i = 0; i < MaxChanges; i++)
        {
            _changes[i] = i < changes ? (int)_dice.Roll((uint)steps) : -1;
        }

        return true;
    }

    // Above all that a change point gives.
    public void Add(int thread) => _priorities[thread] = (_dice.Next() >> 1) + MaxChanges;

    public int Next(int current, ulong enabled)
    {
        int change = Array.IndexOf(_changes, _step++);
        if (change >= 0)
        {
            _priorities[current] = (ulong)(MaxChanges - 1 - change);
        }

        int best = BitOperations.TrailingZeroCount(enabled);
        for (; enabled != 0; enabled &= enabled - 1)
        {
            int thread = BitOperations.TrailingZeroCount(enabled);
            best = _priorities[thread] > _priorities[best] ? thread : best;
        }

        return best;
    }
}
