namespace RealtimeInference.Core.Tests.Fakes;

/// <summary>A model that doubles numbers, written with the public API only, as a third party would.</summary>
internal sealed class FakeModel : IModel
{
    public string Name => "fake";

    public string? Version => "9";

    public ModelSignature Signature { get; } = new(
        [new TensorSpec("x", TensorElementType.Float32, [TensorDimension.Free("n"), TensorDimension.Fixed(1)])],
        [new TensorSpec("y", TensorElementType.Float32, [TensorDimension.Free("n"), TensorDimension.Fixed(1)])]);

    /// <summary>What a run waits for; by default nothing.</summary>
    public Func<Task> Wait { get; set; } = static () => Task.CompletedTask;

    public int Rented { get; private set; }

    public int Returned { get; private set; }

    public ModelRunner Rent(int batchSize = 1)
    {
        Rented++;
        return new Runner(this, batchSize);
    }

    public void Dispose()
    {
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private sealed class Runner : ModelRunner
    {
        private readonly FakeModel _model;

        public Runner(FakeModel model, int batchSize)
            : base(model.Signature)
        {
            _model = model;
            Begin(batchSize);
        }

        public override string? ModelVersion => _model.Version;

        protected override ValueTask RunCoreAsync(CancellationToken cancellationToken)
        {
            Task wait = _model.Wait();
            if (!wait.IsCompletedSuccessfully)
            {
                return WaitAsync(wait, cancellationToken);
            }

            Compute();
            return ValueTask.CompletedTask;
        }

        protected override void ReturnToModel() => _model.Returned++;

        private async ValueTask WaitAsync(Task wait, CancellationToken cancellationToken)
        {
            await wait.WaitAsync(cancellationToken);
            Compute();
        }

        private void Compute()
        {
            TensorBuffer output = Outputs[0];
            output.Allocate(Inputs[0].Shape);
            for (int i = 0; i < output.ElementCount; i++)
            {
                output.GetSpan<float>()[i] = 2 * Inputs[0].GetSpan<float>()[i];
            }
        }
    }
}
