namespace RealtimeInference;

/// <summary>The columns of a row do not fit the features of a specification. Carries every fault, not only the first.</summary>
public sealed class FeatureMappingException : PredictionException
{
    internal FeatureMappingException(IReadOnlyList<string> faults)
        : base($"The columns do not fit the feature specification: {string.Join("; ", faults)}.") => Faults = faults;

    /// <summary>Gets what does not fit; never empty.</summary>
    public IReadOnlyList<string> Faults { get; }
}
