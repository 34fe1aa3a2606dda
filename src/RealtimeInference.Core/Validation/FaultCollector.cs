namespace RealtimeInference;

/// <summary>Collects what is wrong with one input. Not thread-safe; must not be kept after the call.</summary>
public sealed class FaultCollector
{
    // Lazy: most inputs are valid, and then nothing is allocated.
    private List<InputFault>? _faults;

    internal FaultCollector()
    {
    }

    /// <summary>Gets how many faults were reported.</summary>
    public int Count => _faults?.Count ?? 0;

    /// <summary>Reports a fault.</summary>
    /// <param name="path">Where: a member path such as <c>Card.Number</c>; empty for the input as a whole.</param>
    /// <param name="message">What is wrong, in words that the input's sender understands.</param>
    public void Add(string path, string message)
    {
        ArgumentNullException.ThrowIfNull(path);
        ArgumentNullException.ThrowIfNull(message);
        (_faults ??= []).Add(new InputFault(path, message));
    }

    /// <summary>Reports a fault if the condition holds.</summary>
    /// <remarks>A message that is put together is put together for valid inputs too: for those use <see cref="Add"/> behind an <c>if</c>.</remarks>
    /// <param name="isFault">Whether there is a fault.</param>
    /// <param name="path">Where: a member path; empty for the input as a whole.</param>
    /// <param name="message">What is wrong.</param>
    public void AddIf(bool isFault, string path, string message)
    {
        if (isFault)
        {
            Add(path, message);
        }
    }

    internal void Clear() => _faults = null;

    internal void ThrowIfAny()
    {
        if (_faults is { } faults)
        {
            // Handed over to the exception, so that the collector is clean for the next input.
            _faults = null;
            throw new InputValidationException(faults);
        }
    }
}
