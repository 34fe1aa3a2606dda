namespace RealtimeInference.Benchmarks.Encoders;

/// <summary>Makes up requests.</summary>
internal static class Tokens
{
    public static long[] Create(int length, int seed)
    {
        var random = new Random(seed);
        long[] tokens = new long[length];
        foreach (ref long token in tokens.AsSpan())
        {
            token = random.Next(1, EncoderSize.Vocabulary);
        }

        return tokens;
    }

    /// <summary>Makes up requests whose lengths are spread evenly between two bounds.</summary>
    public static long[][] CreateMany(int count, int shortest, int longest, int seed)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, count).Select(i => Create(random.Next(shortest, longest + 1), seed + i))];
    }
}
