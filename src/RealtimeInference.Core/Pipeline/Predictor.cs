namespace RealtimeInference;

/// <summary>Where a pipeline begins.</summary>
public static class Predictor
{
    /// <summary>Begins a pipeline.</summary>
    /// <typeparam name="TIn">The type of a request.</typeparam>
    /// <returns>A builder whose methods are the stages that may come first.</returns>
    public static PredictorBuilder<TIn, TIn> For<TIn>() => new([], null, [], isObserved: false);
}
