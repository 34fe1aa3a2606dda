using System.Runtime.CompilerServices;

namespace RealtimeInference.Benchmarks.SmallNetwork;

/// <summary>What goes in: a struct, as on a path that allocates nothing.</summary>
public struct Transaction
{
    public float Amount;
    public History History;

    public static Transaction Create(int seed)
    {
        var random = new Random(seed);
        var transaction = new Transaction { Amount = random.NextSingle() };
        foreach (ref float value in (Span<float>)transaction.History)
        {
            value = random.NextSingle();
        }

        return transaction;
    }
}

[InlineArray(29)]
public struct History
{
    private float _first;
}

/// <summary>What comes out.</summary>
public readonly record struct Decision(float Score, bool Approve);
