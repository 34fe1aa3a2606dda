namespace RealtimeInference;

public sealed partial class PredictorBuilder<TIn, T>
{
    /// <summary>Refuses values for which the predicate does not hold.</summary>
    /// <param name="predicate">Holds for valid values; thread-safe.</param>
    /// <param name="message">What is wrong when it does not hold.</param>
    /// <param name="path">Where: a member path such as <c>Card.Number</c>; empty for the value as a whole.</param>
    /// <returns>The longer pipeline.</returns>
    /// <remarks>
    /// Neighbouring validations are asked together, and all their faults come in one <see cref="InputValidationException"/>.
    /// </remarks>
    public PredictorBuilder<TIn, T> Validate(Func<T, bool> predicate, string message, string path = "")
    {
        ArgumentNullException.ThrowIfNull(predicate);
        ArgumentException.ThrowIfNullOrEmpty(message);
        ArgumentNullException.ThrowIfNull(path);
        return Validate(new PredicateValidator<T>(predicate, path, message));
    }

    /// <summary>Refuses values for which the function reports faults.</summary>
    /// <param name="validate">Reports everything that is wrong; thread-safe.</param>
    /// <returns>The longer pipeline.</returns>
    public PredictorBuilder<TIn, T> Validate(Action<T, FaultCollector> validate)
    {
        ArgumentNullException.ThrowIfNull(validate);
        return Validate(new DelegateValidator<T>(validate));
    }

    /// <summary>Refuses values for which the validator reports faults.</summary>
    /// <param name="validator">Reports everything that is wrong.</param>
    /// <returns>The longer pipeline.</returns>
    public PredictorBuilder<TIn, T> Validate(IInputValidator<T> validator)
    {
        ArgumentNullException.ThrowIfNull(validator);
        return new PredictorBuilder<TIn, T>(_services, _stages, [.. _validators, validator], _isObserved);
    }
}
