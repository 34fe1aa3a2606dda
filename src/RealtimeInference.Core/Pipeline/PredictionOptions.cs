namespace RealtimeInference;

/// <summary>Settings of one prediction. What is not set comes from the predictor's <see cref="PredictorOptions"/>.</summary>
public readonly record struct PredictionOptions
{
    /// <summary>Gets who goes first where predictions queue for a model.</summary>
    public PredictionPriority? Priority { get; init; }

    /// <summary>Gets how long the prediction may take, counted from the call; not negative.</summary>
    /// <value>A request that cannot make it is refused, at once where that can be seen, and never runs once it has passed.</value>
    public TimeSpan? Deadline { get; init; }
}
