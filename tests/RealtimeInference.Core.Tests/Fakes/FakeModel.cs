using System.Collections.Concurrent;

namespace RealtimeInference.Core.Tests.Fakes;

/// <summary>
/// A model that is a managed function: <c>x</c> float [batch, n] in, <c>y</c> float [batch, m] out. Uses only what a model
/// outside the library could use.
/// </summary>
internal sealed class FakeModel : IModel
{
    private readonly Func<float[], float[]> _function;
    private readonly ConcurrentBag<Runner> _idle = [];
    private int _rented;
    private int _returned;
    private int _runs;

    /// <param name="function">From the row of <c>x</c> to the row of <c>y</c>.</param>
    /// <param name="inputLength">The length of a row of <c>x</c>.</param>
    /// <param name="outputLength">The length of a row of <c>y</c>.</param>
    public FakeModel(Func<float[], float[]> function, int inputLength = 1, int outputLength = 1)
    {
        _function = function;
        Signature = new ModelSignature(
            [new TensorSpec("x", TensorElementType.Float32, [TensorDimension.Free("batch"), TensorDimension.Fixed(inputLength)])],
            [new TensorSpec("y", TensorElementType.Float32, [TensorDimension.Free("batch"), TensorDimension.Fixed(outputLength)])]);
    }

    public string Name { get; init; } = "fake";

    public string? Version { get; set; }

    public ModelSignature Signature { get; }

    /// <summary>Gets or sets what runs wait for; they complete at once where there is nothing.</summary>
    public TaskCompletionSource? Gate { get; set; }

    public int Rented => Volatile.Read(ref _rented);

    public int Returned => Volatile.Read(ref _returned);

    public int Runs => Volatile.Read(ref _runs);

    /// <summary>Makes a model of a function from one number to one number.</summary>
    public static FakeModel Of(Func<float, float> function) => new(x => [function(x[0])]);

    public ModelRunner Rent(int batchSize = 1)
    {
        if (!_idle.TryTake(out Runner? runner))
        {
            runner = new Runner(this);
        }

        runner.Start(batchSize);
        Interlocked.Increment(ref _rented);
        return runner;
    }

    public void Dispose()
    {
        while (_idle.TryTake(out Runner? runner))
        {
            runner.End();
        }
    }

    public ValueTask DisposeAsync()
    {
        Dispose();
        return ValueTask.CompletedTask;
    }

    private sealed class Runner(FakeModel model) : ModelRunner(model.Signature)
    {
        public override string? ModelVersion => model.Version;

        public void Start(int batchSize) => Begin(batchSize);

        public void End() => Free();

        protected override ValueTask RunCoreAsync(CancellationToken cancellationToken)
        {
            Interlocked.Increment(ref model._runs);
            if (model.Gate is { } gate)
            {
                return AwaitAsync(gate.Task, cancellationToken);
            }

            Compute();
            return ValueTask.CompletedTask;
        }

        protected override void ReturnToModel()
        {
            model._idle.Add(this);
            Interlocked.Increment(ref model._returned);
        }

        private async ValueTask AwaitAsync(Task gate, CancellationToken cancellationToken)
        {
            await gate.WaitAsync(cancellationToken);
            Compute();
        }

        private void Compute()
        {
            TensorBuffer input = Inputs[0];
            TensorBuffer output = Outputs[0];
            int width = input.ElementCount / BatchSize;
            for (int row = 0; row < BatchSize; row++)
            {
                float[] result = model._function(input.GetSpan<float>().Slice(row * width, width).ToArray());
                output.Allocate([BatchSize, result.Length]);
                result.CopyTo(output.GetSpan<float>()[(row * result.Length)..]);
            }
        }
    }
}
