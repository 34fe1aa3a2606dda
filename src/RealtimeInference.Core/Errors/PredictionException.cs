namespace RealtimeInference;

/// <summary>The base of every error that this library raises on its own.</summary>
/// <remarks>
/// Each child is named for what the caller can do about it and carries the data to do it. Exceptions of the user's own
/// stages, encoders and decoders pass through as they are; cancellation is <see cref="OperationCanceledException"/> with
/// the caller's token; a disposed model is <see cref="ObjectDisposedException"/>.
/// </remarks>
public abstract class PredictionException : Exception
{
    /// <summary>Initializes a new instance of the <see cref="PredictionException"/> class.</summary>
    /// <param name="message">What was found, what was expected, and the fix.</param>
    /// <param name="innerException">The cause.</param>
    protected PredictionException(string message, Exception? innerException = null)
        : base(message, innerException)
    {
    }
}
