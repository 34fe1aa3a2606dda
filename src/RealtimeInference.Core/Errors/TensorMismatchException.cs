namespace RealtimeInference;

/// <summary>A tensor does not fit the model: its name, element type, rank or a dimension.</summary>
public sealed class TensorMismatchException : PredictionException
{
    /// <summary>Initializes a new instance of the <see cref="TensorMismatchException"/> class: for encoders, decoders and models of your own.</summary>
    /// <param name="tensorName">The name of the input or output.</param>
    /// <param name="expected">What is expected, in words.</param>
    /// <param name="found">What was found, in words.</param>
    /// <param name="message">The whole message, with the fix.</param>
    public TensorMismatchException(string tensorName, string expected, string found, string message)
        : base(message)
    {
        TensorName = tensorName;
        Expected = expected;
        Found = found;
    }

    /// <summary>Gets the name of the input or output.</summary>
    public string TensorName { get; }

    /// <summary>Gets what the model expects, in words.</summary>
    public string Expected { get; }

    /// <summary>Gets what it was given or asked for, in words.</summary>
    public string Found { get; }
}
