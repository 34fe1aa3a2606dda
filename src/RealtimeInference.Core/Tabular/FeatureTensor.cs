namespace RealtimeInference;

/// <summary>One input tensor of a model as an encoder writes it.</summary>
/// <param name="Name">The name of the model's input.</param>
/// <param name="ElementType">The type of its elements.</param>
/// <param name="Width">How many elements one example has.</param>
public sealed record FeatureTensor(string Name, TensorElementType ElementType, int Width);
