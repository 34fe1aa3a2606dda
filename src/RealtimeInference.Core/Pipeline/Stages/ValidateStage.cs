namespace RealtimeInference;

/// <summary>Asks every validator, then refuses the input with all their faults together, or has the next stage go on with it.</summary>
internal sealed class ValidateStage<T, TOut>(IInputValidator<T>[] validators, IInnerStage<T, TOut> next) : IInnerStage<T, TOut>
{
    public ValueTask<TOut> InvokeAsync(in T input, PredictionContext context, CancellationToken cancellationToken)
    {
        FaultCollector faults = context.Faults;
        foreach (IInputValidator<T> validator in validators)
        {
            validator.Validate(input, faults);
        }

        context.EndStage(StageNames.Validate);
        faults.ThrowIfAny();
        return next.InvokeAsync(in input, context, cancellationToken);
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
