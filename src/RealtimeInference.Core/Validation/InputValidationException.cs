namespace RealtimeInference;

/// <summary>An input was refused before it reached a model. Carries every fault, not only the first.</summary>
public sealed class InputValidationException : PredictionException
{
    /// <summary>Initializes a new instance of the <see cref="InputValidationException"/> class: for stages that find faults themselves.</summary>
    /// <param name="faults">The faults; at least one.</param>
    public InputValidationException(IReadOnlyList<InputFault> faults)
        : base(faults.Count == 1
            ? $"The input has a fault: {faults[0]}"
            : $"The input has {faults.Count} faults: {string.Join("; ", faults)}") =>
        Faults = faults;

    /// <summary>Gets the faults in the order in which they were reported; never empty.</summary>
    public IReadOnlyList<InputFault> Faults { get; }
}
