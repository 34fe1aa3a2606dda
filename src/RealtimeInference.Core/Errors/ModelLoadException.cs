namespace RealtimeInference;

/// <summary>A model could not be loaded: missing, damaged, or using what the runtime does not support.</summary>
public sealed class ModelLoadException : PredictionException
{
    /// <summary>Initializes a new instance of the <see cref="ModelLoadException"/> class: for models of your own.</summary>
    /// <param name="modelName">The name of the model.</param>
    /// <param name="path">The file, if there is one.</param>
    /// <param name="message">The whole message, with the fix.</param>
    /// <param name="innerException">The cause.</param>
    public ModelLoadException(string modelName, string? path, string message, Exception? innerException = null)
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
