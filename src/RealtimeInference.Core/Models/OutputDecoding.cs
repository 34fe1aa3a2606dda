namespace RealtimeInference;

/// <summary>Reads one example's output tensors of a model, as a function. Must be thread-safe.</summary>
/// <typeparam name="T">The type of the example that was encoded.</typeparam>
/// <typeparam name="TOut">The type of the result.</typeparam>
/// <param name="input">The example that was encoded.</param>
/// <param name="tensors">The example's output tensors; valid only during the call.</param>
/// <returns>The result.</returns>
public delegate TOut OutputDecoding<in T, out TOut>(T input, OutputTensors tensors);
