namespace QuickStart;

/// <summary>How the model wants its input and its output treated: config.json.</summary>
public sealed record MagikaConfig
{
    /// <summary>Gets how many bytes are looked at from each end of a file.</summary>
    public required int BlockSize { get; init; }

    /// <summary>Gets how many bytes of the first block the model gets.</summary>
    public required int BegSize { get; init; }

    /// <summary>Gets how many bytes of the last block the model gets.</summary>
    public required int EndSize { get; init; }

    /// <summary>Gets the number that stands where a file has no bytes left.</summary>
    public required int PaddingToken { get; init; }

    /// <summary>Gets how many bytes a file needs for the model to say anything sensible.</summary>
    public required int MinFileSizeForDl { get; init; }

    /// <summary>Gets the label of each of the model's probabilities.</summary>
    public required IReadOnlyList<string> TargetLabelsSpace { get; init; }

    /// <summary>Gets the probability that a label needs if <see cref="Thresholds"/> has none for it.</summary>
    public required float MediumConfidenceThreshold { get; init; }

    /// <summary>Gets the probability that some labels need.</summary>
    public required IReadOnlyDictionary<string, float> Thresholds { get; init; }

    /// <summary>Gets labels that are answered as another one.</summary>
    public required IReadOnlyDictionary<string, string> OverwriteMap { get; init; }
}
