using System.Collections.Concurrent;

namespace RealtimeInference;

/// <summary>An ONNX model that runs in this process.</summary>
/// <remarks>
/// Thread-safe. Each run takes a runner, with memory and bindings of its own, from a pool; a run on the CPU is done by the
/// calling thread and completes synchronously. Disposal refuses new runs, waits for those under way, then frees the model.
/// </remarks>
public sealed partial class OnnxModel : IModel
{
    private readonly OnnxSession _session;
    private readonly ConcurrentQueue<OnnxRunner> _idle = new();
    private readonly TaskCompletionSource _unused = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _closed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly int _maxIdle;

    // The runner of a lone caller: found with one compare-and-swap.
    private OnnxRunner? _lastIdle;
    private int _idleCount;

    // Runners that exist, idle or out, and 1 for the model itself until it is disposed. At 0 nothing uses the session.
    private int _references = 1;
    private int _isDisposed;

    private OnnxModel(OnnxSession session, ProviderReport providers, OnnxModelOptions options)
    {
        _session = session;
        Providers = providers;

        // One of them is the last idle one.
        _maxIdle = options.MaxIdleRunners - 1;

        // A run with threads of its own uses the processors already, and a run elsewhere is that device's matter.
        RecommendedConcurrentRuns = options.IntraOpThreads == 1 && options.ExecutionProviders is [CpuProvider] ? Environment.ProcessorCount : 1;
    }

    /// <inheritdoc/>
    public string Name => _session.Name;

    /// <inheritdoc/>
    public string? Version => _session.Version;

    /// <inheritdoc/>
    public ModelSignature Signature => _session.Signature;

    /// <summary>Gets where the model was asked to run, where it runs, and why.</summary>
    public ProviderReport Providers { get; }

    /// <summary>Gets how many runners exist, idle or out: how tests see that none is lost.</summary>
    internal int RunnerCount => Volatile.Read(ref _references) - (Volatile.Read(ref _isDisposed) == 0 ? 1 : 0);

    /// <inheritdoc/>
    public int RecommendedConcurrentRuns { get; }

    /// <inheritdoc/>
    public ModelRunner Rent(int batchSize = 1)
    {
        OnnxRunner? runner = _lastIdle;
        if (runner is null || Interlocked.CompareExchange(ref _lastIdle, null, runner) != runner)
        {
            runner = TakeOrCreate();
        }

        if (Volatile.Read(ref _isDisposed) != 0)
        {
            Destroy(runner);
            throw CreateDisposedException();
        }

        try
        {
            runner.Begin(batchSize);
        }
        catch
        {
            Return(runner);
            throw;
        }

        return runner;
    }

    /// <summary>Refuses new runs, waits for those under way, then frees the model.</summary>
    /// <remarks>Blocks while runs are under way: a thread that holds a runner must not call it.</remarks>
    public void Dispose() => DisposeAsync().AsTask().GetAwaiter().GetResult();

    /// <summary>Refuses new runs, waits for those under way, then frees the model.</summary>
    /// <returns>A task that ends when the model is freed.</returns>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _isDisposed, 1) == 0)
        {
            DestroyIdle();
            Release();
            await _unused.Task.ConfigureAwait(false);
            _session.Dispose();
            _closed.TrySetResult();
        }

        // A second call waits for the first, so that nobody goes on while the model is still there.
        await _closed.Task.ConfigureAwait(false);
    }

    internal void Return(OnnxRunner runner)
    {
        if (Volatile.Read(ref _isDisposed) != 0)
        {
            Destroy(runner);
            return;
        }

        if (_lastIdle is not null || Interlocked.CompareExchange(ref _lastIdle, runner, null) is not null)
        {
            if (Interlocked.Increment(ref _idleCount) > _maxIdle)
            {
                Interlocked.Decrement(ref _idleCount);
                Destroy(runner);
                return;
            }

            _idle.Enqueue(runner);
        }

        // Disposal may have emptied the pool just before this runner came back.
        if (Volatile.Read(ref _isDisposed) != 0)
        {
            DestroyIdle();
        }
    }

    private OnnxRunner TakeOrCreate()
    {
        if (_idle.TryDequeue(out OnnxRunner? runner))
        {
            Interlocked.Decrement(ref _idleCount);
            return runner;
        }

        // Counted first: disposal then waits for it, or it is seen to be too late.
        Interlocked.Increment(ref _references);
        try
        {
            if (Volatile.Read(ref _isDisposed) != 0)
            {
                throw CreateDisposedException();
            }

            return new OnnxRunner(this, _session);
        }
        catch
        {
            Release();
            throw;
        }
    }

    private void DestroyIdle()
    {
        if (Interlocked.Exchange(ref _lastIdle, null) is { } last)
        {
            Destroy(last);
        }

        while (_idle.TryDequeue(out OnnxRunner? runner))
        {
            Interlocked.Decrement(ref _idleCount);
            Destroy(runner);
        }
    }

    private void Destroy(OnnxRunner runner)
    {
        runner.Destroy();
        Release();
    }

    private void Release()
    {
        if (Interlocked.Decrement(ref _references) == 0)
        {
            _unused.TrySetResult();
        }
    }

    private ObjectDisposedException CreateDisposedException() =>
        new(Name, $"The model '{Name}' is disposed: it was still in use when its owner disposed it.");
}
