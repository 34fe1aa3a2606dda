namespace RealtimeInference.Benchmarks.Encoders;

/// <summary>How large a transformer encoder is.</summary>
/// <param name="Layers">The layers.</param>
/// <param name="Width">The numbers that stand for a token.</param>
/// <param name="Heads">The heads of attention.</param>
/// <param name="FeedForward">The width inside a layer's feed-forward part.</param>
internal sealed record EncoderSize(int Layers, int Width = 384, int Heads = 12, int FeedForward = 1536)
{
    public const int Vocabulary = 1000;
    public const int MaxLength = 512;

    /// <summary>Gets the size of the small sentence encoders that people serve on CPUs, such as all-MiniLM-L6.</summary>
    public static EncoderSize Sentence { get; } = new(Layers: 6);

    /// <summary>Gets a size whose run over a few tokens takes about a millisecond.</summary>
    public static EncoderSize Quick { get; } = new(Layers: 2);
}
