namespace RealtimeInference;

/// <summary>A prediction as it is stored. Immutable, and read by many.</summary>
internal sealed class CachedPrediction<TOut>(TOut value, string? modelName, string? modelVersion)
{
    public TOut Value { get; } = value;

    public string? ModelName { get; } = modelName;

    public string? ModelVersion { get; } = modelVersion;

    /// <summary>Writes into a request's context where the answer came from.</summary>
    public void Describe(PredictionContext context)
    {
        context.IsCached = true;
        context.ModelName = ModelName;
        context.ModelVersion = ModelVersion;
        context.EndStage(StageNames.Cache);
    }
}
