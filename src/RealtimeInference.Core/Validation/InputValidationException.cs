namespace RealtimeInference;

/// <summary>An input was refused before it reached a model. Carries every fault, not only the first.</summary>
public sealed class InputValidationException : PredictionException
{
    internal InputValidationException(IReadOnlyList<InputFault> faults)
        : base(faults.Count == 1
            ? $"The input has a fault: {faults[0]}"
            : $"The input has {faults.Count} faults: {string.Join("; ", faults)}") =>
        Faults = faults;

    /// <summary>Gets the faults in the order in which they were reported; never empty.</summary>
    public IReadOnlyList<InputFault> Faults { get; }
}
