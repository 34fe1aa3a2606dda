namespace RealtimeInference;

/// <summary>A tensor does not fit the model: its name, element type, rank or a dimension.</summary>
public sealed class TensorMismatchException : PredictionException
{
    internal TensorMismatchException(string tensorName, string expected, string found, string message)
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
