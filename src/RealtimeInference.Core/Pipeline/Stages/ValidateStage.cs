namespace RealtimeInference;

/// <summary>Asks every validator, then refuses the input with all their faults together.</summary>
internal sealed class ValidateStage<T>(IInputValidator<T>[] validators) : IStage<T, T>
{
    public ValueTask<T> InvokeAsync(T input, PredictionContext context, CancellationToken cancellationToken)
    {
        FaultCollector faults = context.Faults;
        foreach (IInputValidator<T> validator in validators)
        {
            validator.Validate(input, faults);
        }

        context.EndStage(StageNames.Validate);
        faults.ThrowIfAny();
        return new ValueTask<T>(input);
    }
}

internal sealed class PredicateValidator<T>(Func<T, bool> predicate, string path, string message) : IInputValidator<T>
{
    public void Validate(T input, FaultCollector faults)
    {
        if (!predicate(input))
        {
            faults.Add(path, message);
        }
    }
}

internal sealed class DelegateValidator<T>(Action<T, FaultCollector> validate) : IInputValidator<T>
{
    public void Validate(T input, FaultCollector faults) => validate(input, faults);
}
