namespace RealtimeInference;

/// <summary>Checks inputs. Implementations must be thread-safe.</summary>
/// <typeparam name="T">The type of the input.</typeparam>
public interface IInputValidator<in T>
{
    /// <summary>Reports everything that is wrong with the input.</summary>
    /// <param name="input">The input.</param>
    /// <param name="faults">Takes the faults; report none for a valid input.</param>
    void Validate(T input, FaultCollector faults);
}
