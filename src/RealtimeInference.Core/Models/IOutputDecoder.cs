namespace RealtimeInference;

/// <summary>Reads one example's output tensors of a model. Implementations must be thread-safe.</summary>
/// <typeparam name="T">The type of the example that was encoded.</typeparam>
/// <typeparam name="TOut">The type of the result.</typeparam>
public interface IOutputDecoder<in T, out TOut>
{
    /// <summary>Reads the result.</summary>
    /// <param name="input">The example that was encoded.</param>
    /// <param name="tensors">The example's output tensors; valid only during the call.</param>
    /// <returns>The result.</returns>
    TOut Decode(T input, OutputTensors tensors);

    /// <summary>Checks once, when a predictor is built, that the decoder fits the model. Does nothing by default.</summary>
    /// <param name="signature">The signature of the model.</param>
    /// <exception cref="TensorMismatchException">It does not fit.</exception>
    void CheckSignature(ModelSignature signature)
    {
    }
}
