namespace RealtimeInference;

/// <summary>The forward pass itself failed inside the runtime.</summary>
public sealed class ModelRunException : PredictionException
{
    /// <summary>Initializes a new instance of the <see cref="ModelRunException"/> class: for models of your own.</summary>
    /// <param name="modelName">The name of the model that failed.</param>
    /// <param name="modelVersion">Its version.</param>
    /// <param name="message">The whole message.</param>
    /// <param name="innerException">The cause.</param>
    public ModelRunException(string modelName, string? modelVersion, string message, Exception? innerException = null)
        : base(message, innerException)
    {
        ModelName = modelName;
        ModelVersion = modelVersion;
    }

    /// <summary>Gets the name of the model that failed.</summary>
    public string ModelName { get; }

    /// <summary>Gets the version of the model that failed.</summary>
    public string? ModelVersion { get; }
}
