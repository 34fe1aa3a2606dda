using System.ComponentModel;
using System.Globalization;

namespace RealtimeInference;

/// <summary>Collects what is wrong with one example while it is encoded: for generated code.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public ref struct TabularFaults
{
    private const int MaxShown = 60;

    // Lazy: most examples have none, and then nothing is allocated.
    private List<InputFault>? _faults;

    /// <summary>Reports a value that is missing where it must not be.</summary>
    /// <param name="name">The feature.</param>
    public void AddMissing(string name) => Add(name, "is missing");

    /// <summary>Reports a category that is not known where it must be.</summary>
    /// <param name="name">The feature.</param>
    /// <param name="value">The category.</param>
    public void AddUnknown(string name, string? value) => Add(name, $"'{Cut(value)}' is not one of the categories that the model knows");

    /// <summary>Reports a number that does not become one that a model can work with.</summary>
    /// <param name="name">The feature.</param>
    /// <param name="value">The number.</param>
    public void AddNotFinite(string name, double value) =>
        Add(name, string.Create(CultureInfo.InvariantCulture, $"{value} is out of the range that the feature can have"));

    /// <summary>Refuses the example if anything was reported.</summary>
    /// <exception cref="InputValidationException">Something was; it carries all of it.</exception>
    public readonly void ThrowIfAny()
    {
        if (_faults is not null)
        {
            throw new InputValidationException(_faults);
        }
    }

    internal void AddUnreadable(string name, string value, string expected) => Add(name, $"'{Cut(value)}' is not {expected}");

    private void Add(string name, string message) => (_faults ??= []).Add(new InputFault(name, message));

    private static string? Cut(string? value) => value?.Length > MaxShown ? $"{value.AsSpan(0, MaxShown)}…" : value;
}
