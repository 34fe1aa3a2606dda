using System.Collections.Concurrent;
using System.Runtime.CompilerServices;

namespace RealtimeInference;

/// <summary>Preprocess, queue, run and postprocess: at once where the model is idle, else in a batch with others.</summary>
internal sealed class BatchingStage<T, TOut> : IInnerStage<T, TOut>
{
    // The request that this thread gave back last: whoever is resumed and asks again finds it without a shared write.
    [ThreadStatic]
    private static TypedBatchRequest<T, TOut>? t_last;

    private readonly IInputEncoder<T> _encoder;
    private readonly IModel _model;
    private readonly IOutputDecoder<T, TOut> _decoder;
    private readonly BatchSettings _settings;
    private readonly BatchScheduler _scheduler;
    private readonly ConcurrentQueue<TypedBatchRequest<T, TOut>> _pool = new();
    private readonly int _maxPooled;
    private int _pooled;

    public BatchingStage(IInputEncoder<T> encoder, IModel model, IOutputDecoder<T, TOut> decoder, BatchSettings settings)
    {
        encoder.CheckSignature(model.Signature);
        decoder.CheckSignature(model.Signature);
        _encoder = encoder;
        _model = model;
        _decoder = decoder;
        _settings = settings;
        _scheduler = new BatchScheduler(model, settings);

        // What can wait, and what can be run meanwhile.
        _maxPooled = settings.MaxQueueLength + (settings.MaxBatchSize * settings.MaxConcurrentRuns);
    }

    public string ModelName => _model.Name;

    public ValueTask<TOut> InvokeAsync(in T input, PredictionContext context, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        context.ThrowIfExpired();
        return _scheduler.TryRunNow(context.Priority, out int slot)
            ? RunNow(input, context, slot, cancellationToken)
            : Enqueue(input, context, cancellationToken);
    }

    public TOut Decode(in T input, OutputTensors outputs) => _decoder.Decode(input, outputs);

    public void Return(TypedBatchRequest<T, TOut> request)
    {
        if (t_last is null)
        {
            t_last = request;
        }
        else if (Interlocked.Increment(ref _pooled) <= _maxPooled)
        {
            _pool.Enqueue(request);
        }
        else
        {
            Interlocked.Decrement(ref _pooled);
            request.Row.Free();
        }
    }

    private ValueTask<TOut> RunNow(in T input, PredictionContext context, int slot, CancellationToken cancellationToken)
    {
        ModelRunner? runner = null;
        ValueTask run;
        try
        {
            runner = _model.Rent();
            context.ModelName = _model.Name;
            context.ModelVersion = runner.ModelVersion;
            _encoder.Encode(input, runner.GetInputs());
            if (_settings.HasVariableRows)
            {
                BatchRows.Measure(runner.InputSet, _settings);
                BatchRows.WriteMasks(runner.InputSet, _settings);
            }

            context.EndStage(StageNames.Preprocess);
            run = runner.RunAsync(cancellationToken);
            if (run.IsCompletedSuccessfully)
            {
                run.GetAwaiter().GetResult();
                context.EndStage(StageNames.Run);
                TOut output = _decoder.Decode(input, runner.GetOutputs());
                context.EndStage(StageNames.Postprocess);
                runner.Dispose();
                _scheduler.EndRunNow(slot);
                return new ValueTask<TOut>(output);
            }
        }
        catch
        {
            runner?.Dispose();
            _scheduler.EndRunNow(slot);
            throw;
        }

        // One that is not timed may be given back as soon as this returns.
        return AwaitAsync(input, run, runner, context.IsTimed ? context : null, slot);
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<TOut> AwaitAsync(T input, ValueTask run, ModelRunner runner, PredictionContext? context, int slot)
    {
        try
        {
            await run.ConfigureAwait(false);
            context?.EndStage(StageNames.Run);
            TOut output = _decoder.Decode(input, runner.GetOutputs());
            context?.EndStage(StageNames.Postprocess);
            return output;
        }
        finally
        {
            runner.Dispose();
            _scheduler.EndRunNow(slot);
        }
    }

    private ValueTask<TOut> Enqueue(in T input, PredictionContext context, CancellationToken cancellationToken)
    {
        // Before anything is encoded: a refusal costs next to nothing.
        if (_scheduler.Refuse(context) is { } refusal)
        {
            return ValueTask.FromException<TOut>(refusal);
        }

        TypedBatchRequest<T, TOut> request = Rent();
        try
        {
            // On the caller's thread: a bad example fails here, and a slow encoder holds nobody else.
            request.Row.Begin(1);
            _encoder.Encode(input, new InputTensors(request.Row, 0));
            request.Row.CheckComplete(_settings.Masks);
            request.Elements = BatchRows.Measure(request.Row, _settings);
            context.EndStage(StageNames.Preprocess);
        }
        catch
        {
            request.Discard();
            throw;
        }

        request.Priority = context.Priority;
        request.TimeProvider = context.TimeProvider;
        request.Deadline = context.Deadline;
        request.CanBeWithdrawn = context.HasDeadline;

        // Nobody reads a context that is not timed, and it may be gone when the run is done.
        request.Context = context.IsTimed ? context : null;
        request.Start(input, cancellationToken);
        short version = request.Version;
        try
        {
            _scheduler.Add(request);
        }
        catch
        {
            request.Discard();
            throw;
        }

        // The caller has no task yet, so the request cannot have been given back.
        request.Listen();
        return new ValueTask<TOut>(request, version);
    }

    private TypedBatchRequest<T, TOut> Rent()
    {
        TypedBatchRequest<T, TOut>? request = t_last;
        if (request is not null && request.Stage == this)
        {
            t_last = null;
            return request;
        }

        if (_pool.TryDequeue(out request))
        {
            Interlocked.Decrement(ref _pooled);
            return request;
        }

        return new TypedBatchRequest<T, TOut>(this, _model.Signature, _settings.Masks);
    }
}
