namespace RealtimeInference;

/// <summary>A feature specification could not be read. Carries every fault, not only the first.</summary>
public sealed class FeatureSpecificationException : PredictionException
{
    internal FeatureSpecificationException(string? path, IReadOnlyList<FeatureSpecificationFault> faults)
        : base($"The feature specification{(path is null ? "" : $" '{path}'")} has {(faults.Count == 1 ? "a fault" : $"{faults.Count} faults")}: {string.Join("; ", faults)}.")
    {
        Path = path;
        Faults = faults;
    }

    internal FeatureSpecificationException(string path, Exception innerException)
        : base($"The feature specification '{path}' could not be read: {innerException.Message}", innerException)
    {
        Path = path;
        Faults = [];
    }

    /// <summary>Gets the file.</summary>
    /// <value><see langword="null"/> for a specification that was given as text.</value>
    public string? Path { get; }

    /// <summary>Gets the faults in the order of the text; empty where the file itself could not be read.</summary>
    public IReadOnlyList<FeatureSpecificationFault> Faults { get; }
}
