namespace RealtimeInference;

/// <summary>Writes one example into the input tensors of a model. Implementations must be thread-safe.</summary>
/// <typeparam name="T">The type of an example.</typeparam>
public interface IInputEncoder<in T>
{
    /// <summary>Writes the example.</summary>
    /// <param name="input">The example.</param>
    /// <param name="tensors">The example's input tensors; valid only during the call.</param>
    void Encode(T input, InputTensors tensors);

    /// <summary>Checks once, when a predictor is built, that the encoder fits the model. Does nothing by default.</summary>
    /// <param name="signature">The signature of the model.</param>
    /// <exception cref="TensorMismatchException">It does not fit.</exception>
    void CheckSignature(ModelSignature signature)
    {
    }
}
