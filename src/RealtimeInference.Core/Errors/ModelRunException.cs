namespace RealtimeInference;

/// <summary>The forward pass itself failed inside the runtime.</summary>
public sealed class ModelRunException : PredictionException
{
    internal ModelRunException(string modelName, string? modelVersion, string message)
        : base(message)
    {
        ModelName = modelName;
        ModelVersion = modelVersion;
    }

    /// <summary>Gets the name of the model that failed.</summary>
    public string ModelName { get; }

    /// <summary>Gets the version of the model that failed.</summary>
    public string? ModelVersion { get; }
}
