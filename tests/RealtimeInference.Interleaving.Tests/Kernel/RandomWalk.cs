using System.Numerics;

namespace RealtimeInference.Interleaving;

/// <summary>Another thread every so often, any of them.</summary>
internal sealed class RandomWalk(int firstSeed) : IStrategy
{
    private int _seed = firstSeed - 1;
    private Dice _dice;
    private uint _stay;

    public string Description => $"random walk, seed {_seed}";

    public bool Begin(bool again)
    {
        _seed += again ? 0 : 1;
        _dice = new Dice((ulong)_seed);

        // Some schedules of many short turns, some of few long ones.
        _stay = 2u << (int)_dice.Roll(5);
        return true;
    }

    public void Add(int thread)
    {
    }

    public int Next(int current, ulong enabled) =>
        (enabled & (1UL << current)) != 0 && _dice.Roll(_stay) != 0 ? current : Pick(enabled, (int)_dice.Roll((uint)BitOperations.PopCount(enabled)));

    private static int Pick(ulong enabled, int index)
    {
        for (; index > 0; index--)
        {
            enabled &= enabled - 1;
        }

        return BitOperations.TrailingZeroCount(enabled);
    }
}
