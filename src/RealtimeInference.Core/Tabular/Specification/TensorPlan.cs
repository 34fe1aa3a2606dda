namespace RealtimeInference;

/// <summary>One input tensor and the features that fill it, one after the other.</summary>
/// <param name="Name">The name of the model's input.</param>
/// <param name="IsInt64">Whether its elements are 64-bit integers; else they are 32-bit floats.</param>
/// <param name="Features">The features, in order.</param>
internal sealed record TensorPlan(string Name, bool IsInt64, EquatableArray<FeaturePlan> Features)
{
    public const string DefaultName = "features";

    public string ElementType => IsInt64 ? "int64" : "float32";

    public int Width => Features.Sum(static f => f.Width);
}
