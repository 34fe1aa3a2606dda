namespace RealtimeInference;

/// <summary>Writes one example into the input tensors of a model, as a function. Must be thread-safe.</summary>
/// <typeparam name="T">The type of an example.</typeparam>
/// <param name="input">The example.</param>
/// <param name="tensors">The example's input tensors; valid only during the call.</param>
public delegate void InputEncoding<in T>(T input, InputTensors tensors);
