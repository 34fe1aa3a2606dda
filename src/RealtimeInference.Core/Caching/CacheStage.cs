using System.Collections.Concurrent;

namespace RealtimeInference;

/// <summary>A cache between the encoding and the run: its keys are hashes of the tensors.</summary>
/// <remarks>
/// The example is encoded into tensors of the stage's own. On a miss the stage inside, with or without batches, copies them instead of encoding
/// once more.
/// </remarks>
internal sealed class CacheStage<T, TOut> : IInnerStage<T, TOut>, IServiceStage
{
    // As many as a host has under way at once, with room to spare.
    private const int MaxPooled = 1024;

    // The tensors that this thread gave back last, and whose they are.
    [ThreadStatic]
    private static (CacheStage<T, TOut>? Stage, InputSet? Tensors) t_last;

    private readonly ConcurrentQueue<InputSet> _pool = new();
    private readonly IInputEncoder<T> _encoder;
    private readonly ModelSignature _signature;
    private readonly TensorHash _hash;
    private readonly PredictionCache<Encoded<T>, UInt128, TOut> _cache;
    private int _pooled;

    public CacheStage(IInputEncoder<T> encoder, IModel model, IOutputDecoder<T, TOut> decoder, IRunStrategy strategy, PredictionCacheOptions options)
    {
        _encoder = encoder;
        _signature = model.Signature;

        // Hosts that share predictions must agree; others need not let anybody work out in advance which tensors collide.
        _hash = new TensorHash(model.Signature, options.SecondLevel is null ? Random.Shared.NextInt64() : 0);
        IInnerStage<Encoded<T>, TOut> inner = strategy.CreateStage(new EncodedCopier<T>(encoder), model, new EncodedDecoder<T, TOut>(decoder));
        _cache = new PredictionCache<Encoded<T>, UInt128, TOut>(
            options,
            [model],
            TimeProvider.System,
            static key => key.ToString("x32", null),
            (input, context, token) => inner.InvokeAsync(in input, context, token),
            input => Return(input.Tensors));
    }

    public object Service => _cache.Statistics;

    public ValueTask<TOut> InvokeAsync(in T input, PredictionContext context, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        context.ThrowIfExpired();
        InputSet tensors = Rent();
        UInt128 key;
        try
        {
            tensors.Begin(1);
            _encoder.Encode(input, new InputTensors(tensors, 0));
            key = _hash.Compute(tensors);
            context.EndStage(StageNames.Preprocess);
            if (_cache.Find(key) is { } hit)
            {
                Return(tensors);
                hit.Describe(context);
                return new ValueTask<TOut>(hit.Value);
            }
        }
        catch
        {
            Return(tensors);
            throw;
        }

        return _cache.MissAsync(new Encoded<T>(input, tensors), key, context, cancellationToken);
    }

    private InputSet Rent()
    {
        (CacheStage<T, TOut>? stage, InputSet? tensors) = t_last;
        if (stage == this)
        {
            t_last = default;
            return tensors!;
        }

        if (_pool.TryDequeue(out tensors))
        {
            Interlocked.Decrement(ref _pooled);
            return tensors;
        }

        return new InputSet(_signature);
    }

    private void Return(InputSet tensors)
    {
        tensors.End();
        if (t_last.Stage is null)
        {
            t_last = (this, tensors);
        }
        else if (Interlocked.Increment(ref _pooled) <= MaxPooled)
        {
            _pool.Enqueue(tensors);
        }
        else
        {
            Interlocked.Decrement(ref _pooled);
            tensors.Free();
        }
    }
}

/// <summary>Puts a cache around another way to run.</summary>
internal sealed class CacheStrategy(IRunStrategy inner, PredictionCacheOptions options) : IRunStrategy
{
    public IInnerStage<T, TOut> CreateStage<T, TOut>(IInputEncoder<T> encoder, IModel model, IOutputDecoder<T, TOut> decoder) =>
        new CacheStage<T, TOut>(encoder, model, decoder, inner, options);
}
