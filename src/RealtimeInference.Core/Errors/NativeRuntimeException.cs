namespace RealtimeInference;

/// <summary>The native ONNX Runtime library is missing or too old for the managed package.</summary>
public sealed class NativeRuntimeException : PredictionException
{
    internal NativeRuntimeException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
