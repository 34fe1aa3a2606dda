namespace RealtimeInference.Benchmarks.Tabular;

/// <summary>Lends the memory of an input and runs nothing, so that encoding is all that is measured.</summary>
internal sealed class MemoryLender : ModelRunner
{
    public MemoryLender()
        : base(new ModelSignature([Tensor("features", 61)], [Tensor("y", 1)])) => Begin(1);

    public void Encode<T>(IInputEncoder<T> encoder, T input) => encoder.Encode(input, GetInputs());

    public float[] Read() => Inputs[0].GetSpan<float>().ToArray();

    protected override ValueTask RunCoreAsync(CancellationToken cancellationToken) => ValueTask.CompletedTask;

    protected override void ReturnToModel() => Free();

    private static TensorSpec Tensor(string name, int width) =>
        new(name, TensorElementType.Float32, [TensorDimension.Free("N"), TensorDimension.Fixed(width)]);
}
