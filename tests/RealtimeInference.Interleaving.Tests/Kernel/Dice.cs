namespace RealtimeInference.Interleaving;

/// <summary>Splitmix64: the same numbers on every version of .NET, so that a seed stays good.</summary>
internal struct Dice(ulong seed)
{
    private ulong _state = seed;

    public ulong Next()
    {
        _state += 0x9E3779B97F4A7C15;
        ulong z = _state;
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return z ^ (z >> 31);
    }

    public uint Roll(uint sides) => (uint)((Next() >> 32) * sides >> 32);
}
