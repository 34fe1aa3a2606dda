namespace RealtimeInference.Interleaving;

/// <summary>A model that answers three times the number, lets others come between, and counts who runs it.</summary>
internal sealed class TripleModel : IModel
{
    /// <summary>A number that no run can answer.</summary>
    public const long Bad = 666;

    private readonly Stack<Runner> _idle = [];
    private int _atOnce;

    public string Name => "triple";

    public string? Version => null;

    public ModelSignature Signature { get; } = new(
        [new TensorSpec("x", TensorElementType.Int64, [TensorDimension.Free("batch"), TensorDimension.Fixed(1)])],
        [new TensorSpec("y", TensorElementType.Int64, [TensorDimension.Free("batch"), TensorDimension.Fixed(1)])]);

    /// <summary>Gets or sets how long a run takes, in nanoseconds.</summary>
    public long Nanoseconds { get; set; }

    /// <summary>Gets or sets after how many steps a run ends.</summary>
    public int StepsPerRun { get; set; }

    public int MostAtOnce { get; private set; }

    public int Rented { get; private set; }

    public int Returned { get; private set; }

    public int Runs { get; private set; }

    public int Cancelled { get; private set; }

    public void Reset() => (_atOnce, MostAtOnce, Rented, Returned, Runs, Cancelled) = (0, 0, 0, 0, 0, 0);

    public ModelRunner Rent(int batchSize = 1)
    {
        Runner runner = _idle.TryPop(out Runner? idle) ? idle : new Runner(this);
        runner.Start(batchSize);
        Rented++;
        return runner;
    }

    public void Dispose()
    {
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private sealed class Runner(TripleModel model) : ModelRunner(model.Signature)
    {
        public void Start(int batchSize) => Begin(batchSize);

        protected override ValueTask RunCoreAsync(CancellationToken cancellationToken)
        {
            model.MostAtOnce = Math.Max(model.MostAtOnce, ++model._atOnce);
            model.Runs++;
            try
            {
                for (int i = 0; i < model.StepsPerRun; i++)
                {
                    Interleaver.Point("run");
                }

                if (cancellationToken.IsCancellationRequested)
                {
                    model.Cancelled++;
                    throw new OperationCanceledException(cancellationToken);
                }

                Interleaver.Instance.Now += model.Nanoseconds;
                ReadOnlySpan<long> x = Inputs[0].GetSpan<long>();
                Outputs[0].Allocate(Inputs[0].Shape);
                Span<long> y = Outputs[0].GetSpan<long>();
                for (int i = 0; i < x.Length; i++)
                {
                    y[i] = x[i] == Bad ? throw new FormatException("bad") : x[i] * 3;
                }
            }
            finally
            {
                model._atOnce--;
            }

            return ValueTask.CompletedTask;
        }

        protected override void ReturnToModel()
        {
            model.Returned++;
            model._idle.Push(this);
        }
    }
}
