namespace RealtimeInference;

/// <summary>A model could not be loaded: missing, damaged, or using what the runtime does not support.</summary>
public sealed class ModelLoadException : PredictionException
{
    internal ModelLoadException(string modelName, string? path, string message, Exception? innerException = null)
        : base(message, innerException)
    {
        ModelName = modelName;
        Path = path;
    }

    /// <summary>Gets the name of the model.</summary>
    public string ModelName { get; }

    /// <summary>Gets the file that was to be loaded.</summary>
    /// <value><see langword="null"/> for a model given as bytes or as a stream.</value>
    public string? Path { get; }
}
