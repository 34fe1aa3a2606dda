using System.Collections.Concurrent;

namespace RealtimeInference.Core.Tests.Batching;

/// <summary>
/// A model that remembers each run: <c>ids</c> and <c>mask</c> int64 [batch, length] in; <c>sum</c> float [batch] of the ids
/// where the mask is set, and <c>echo</c> float [batch, length] of the ids, out. Runs can be held, failed and counted.
/// </summary>
internal sealed class RecordingModel : IModel
{
    private readonly ConcurrentBag<Runner> _idle = [];
    private int _rented;
    private int _returned;
    private int _cancelled;
    private int _atOnce;
    private int _mostAtOnce;

    public RecordingModel(bool hasBatch = true, int slots = 1)
    {
        RecommendedConcurrentRuns = slots;
        TensorDimension batch = hasBatch ? TensorDimension.Free("batch") : TensorDimension.Fixed(1);
        TensorDimension length = TensorDimension.Free("length");
        Signature = new ModelSignature(
            [new TensorSpec("ids", TensorElementType.Int64, [batch, length]), new TensorSpec("mask", TensorElementType.Int64, [batch, length])],
            [new TensorSpec("sum", TensorElementType.Float32, [batch]), new TensorSpec("echo", TensorElementType.Float32, [batch, length])]);
    }

    public string Name => "recording";

    public string? Version => "7";

    public ModelSignature Signature { get; }

    public int RecommendedConcurrentRuns { get; }

    /// <summary>Gets the runs: for each, its rows of ids, padding included.</summary>
    public ConcurrentQueue<long[][]> Runs { get; } = new();

    /// <summary>Gets the masks of the runs.</summary>
    public ConcurrentQueue<long[][]> Masks { get; } = new();

    /// <summary>Gets or sets what runs wait for before they end.</summary>
    public SemaphoreSlim? Gate { get; set; }

    /// <summary>Gets what is set by each run as it begins.</summary>
    public SemaphoreSlim Began { get; } = new(0);

    /// <summary>Gets or sets which ids cannot be run.</summary>
    public Func<long, bool>? IsBad { get; set; }

    /// <summary>Gets or sets how long a run takes, in turns of a loop: long enough for others to queue.</summary>
    public int Spins { get; set; }

    public int Rented => Volatile.Read(ref _rented);

    public int Returned => Volatile.Read(ref _returned);

    public int Cancelled => Volatile.Read(ref _cancelled);

    public int MostAtOnce => Volatile.Read(ref _mostAtOnce);

    /// <summary>Gets the first ids of each run.</summary>
    public long[][] FirstIds => [.. Runs.Select(rows => rows.Select(row => row[0]).ToArray())];

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

    private sealed class Runner(RecordingModel model) : ModelRunner(model.Signature)
    {
        public override string? ModelVersion => model.Version;

        public void Start(int batchSize) => Begin(batchSize);

        public void End() => Free();

        protected override async ValueTask RunCoreAsync(CancellationToken cancellationToken)
        {
            int now = Interlocked.Increment(ref model._atOnce);
            InterlockedMax(ref model._mostAtOnce, now);
            try
            {
                model.Runs.Enqueue(Rows(Inputs[0]));
                model.Masks.Enqueue(Rows(Inputs[1]));
                model.Began.Release();
                if (model.Gate is { } gate)
                {
                    await gate.WaitAsync(cancellationToken);
                }

                Thread.SpinWait(model.Spins);
                Compute();
            }
            catch (OperationCanceledException)
            {
                Interlocked.Increment(ref model._cancelled);
                throw;
            }
            finally
            {
                Interlocked.Decrement(ref model._atOnce);
            }
        }

        protected override void ReturnToModel()
        {
            model._idle.Add(this);
            Interlocked.Increment(ref model._returned);
        }

        private static void InterlockedMax(ref int target, int value)
        {
            int seen = Volatile.Read(ref target);
            while (seen < value && Interlocked.CompareExchange(ref target, value, seen) is int current && current != seen)
            {
                seen = current;
            }
        }

        private static long[][] Rows(TensorBuffer input)
        {
            int width = input.ElementCount / (int)input.Shape[0];
            return [.. input.GetSpan<long>().ToArray().Chunk(Math.Max(width, 1))];
        }

        private void Compute()
        {
            long[][] ids = Rows(Inputs[0]);
            long[][] mask = Rows(Inputs[1]);
            int length = ids[0].Length;
            Outputs[0].Allocate([ids.Length]);
            Outputs[1].Allocate([ids.Length, length]);
            for (int row = 0; row < ids.Length; row++)
            {
                if (ids[row].FirstOrDefault(id => model.IsBad?.Invoke(id) == true) is > 0 and long bad)
                {
                    throw new InvalidOperationException($"cannot run {bad}");
                }

                Outputs[0].GetSpan<float>()[row] = ids[row].Zip(mask[row]).Sum(p => p.First * p.Second);
                for (int i = 0; i < length; i++)
                {
                    Outputs[1].GetSpan<float>()[(row * length) + i] = ids[row][i];
                }
            }
        }
    }
}
