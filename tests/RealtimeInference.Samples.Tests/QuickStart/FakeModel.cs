namespace RealtimeInference.Samples.Tests;

/// <summary>A model that keeps what it was given and answers what it was told.</summary>
public sealed class FakeModel(int inputs = 2048, int outputs = 214, TensorElementType inputType = TensorElementType.Int32) : IModel
{
    private readonly ModelSignature _signature = new(
        [new TensorSpec("bytes", inputType, [TensorDimension.Free(), TensorDimension.Fixed(inputs)])],
        [new TensorSpec("target_label", TensorElementType.Float32, [TensorDimension.Free(), TensorDimension.Fixed(outputs)])]);

    private Runner? _runner;

    public string Name => "fake";

    public string? Version => null;

    public ModelSignature Signature => _signature;

    public float[] Answer { get; } = new float[outputs];

    public int[] LastInput { get; } = new int[inputs];

    public int Runs { get; private set; }

    public ModelRunner Rent(int batchSize = 1) => (_runner ??= new Runner(this)).Start(batchSize);

    public void Dispose() => _runner?.End();

    public ValueTask DisposeAsync()
    {
        Dispose();
        return ValueTask.CompletedTask;
    }

    private sealed class Runner(FakeModel model) : ModelRunner(model._signature)
    {
        public Runner Start(int batchSize)
        {
            Begin(batchSize);
            return this;
        }

        public void End() => Free();

        protected override ValueTask RunCoreAsync(CancellationToken cancellationToken)
        {
            model.Runs++;
            Inputs[0].GetSpan<int>().CopyTo(model.LastInput);
            Outputs[0].Allocate([1, model.Answer.Length]);
            model.Answer.CopyTo(Outputs[0].GetSpan<float>());
            return ValueTask.CompletedTask;
        }

        protected override void ReturnToModel()
        {
        }
    }
}
