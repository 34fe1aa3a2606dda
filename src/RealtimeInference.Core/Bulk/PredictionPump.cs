using System.Runtime.ExceptionServices;
using System.Threading.Channels;

namespace RealtimeInference;

/// <summary>
/// Reads the source, starts a prediction for each item without waiting for it, and queues the results as they are completed.
/// </summary>
internal sealed class PredictionPump<TIn, TOut> : IAsyncDisposable
{
    // An overload that says 'at once' must not spin, and a timer does not take just any time.
    private static readonly TimeSpan s_minRetry = TimeSpan.FromMilliseconds(1);
    private static readonly TimeSpan s_maxRetry = TimeSpan.FromDays(1);

    private readonly IPredictor<TIn, TOut> _predictor;
    private readonly IAsyncEnumerable<TIn> _inputs;
    private readonly PredictManyOptions<TIn, TOut> _options;
    private readonly CancellationTokenSource _stop;
    private readonly CancellationToken _stopped;
    private readonly SemaphoreSlim _slots;
    private readonly KeyedOrder _keys = new();

    // As good as bounded, by the slots. Continuations of the consumer must not run on a thread that completes a prediction.
    private readonly Channel<PredictionResult<TIn, TOut>> _results = Channel.CreateUnbounded<PredictionResult<TIn, TOut>>(
        new UnboundedChannelOptions { SingleReader = true, AllowSynchronousContinuations = false });

    // Completed before one with a smaller index; used by the consumer only, and only where results come in order.
    private readonly Dictionary<long, PredictionResult<TIn, TOut>> _early = [];
    private long _nextIndex;

    // The reading of the source, and each prediction.
    private int _underWay = 1;
    private ExceptionDispatchInfo? _sourceError;

    public PredictionPump(
        IPredictor<TIn, TOut> predictor,
        IAsyncEnumerable<TIn> inputs,
        PredictManyOptions<TIn, TOut> options,
        CancellationToken cancellationToken)
    {
        _predictor = predictor;
        _inputs = inputs;
        _options = options;
        _nextIndex = options.StartIndex;
        _slots = new SemaphoreSlim(options.MaxInFlight);
        _stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        _stopped = _stop.Token;

        // On a thread of the pool: a source or a predictor that never yields keeps the pump, and not the consumer.
        _ = Task.Run(ReadSourceAsync, CancellationToken.None);
    }

    /// <summary>Waits until there may be a result to take; <see langword="false"/> once everything has ended and been taken.</summary>
    public ValueTask<bool> WaitAsync() => _results.Reader.WaitToReadAsync(CancellationToken.None);

    /// <summary>Takes the next result, if it is there.</summary>
    public bool TryTake(out PredictionResult<TIn, TOut> result)
    {
        if (!_options.InOrder)
        {
            return _results.Reader.TryRead(out result);
        }

        bool isNext = _early.Remove(_nextIndex, out result);
        while (!isNext && _results.Reader.TryRead(out result))
        {
            isNext = result.Index == _nextIndex;
            if (!isNext)
            {
                _early.Add(result.Index, result);
            }
        }

        _nextIndex += isNext ? 1 : 0;
        return isNext;
    }

    /// <summary>Lets the pump read another item: the consumer is done with one.</summary>
    public void Release() => _slots.Release();

    /// <summary>Throws the error of the source, if that is what it ended with.</summary>
    public void ThrowIfSourceFailed() => _sourceError?.Throw();

    /// <summary>Cancels what is under way and waits for it.</summary>
    public async ValueTask DisposeAsync()
    {
        try
        {
            await _stop.CancelAsync().ConfigureAwait(false);
        }
        finally
        {
            // The queue is completed by whatever ends last.
            while (await WaitAsync().ConfigureAwait(false))
            {
                _results.Reader.TryRead(out _);
            }

            _stop.Dispose();
            _slots.Dispose();
        }
    }

    private async Task ReadSourceAsync()
    {
        try
        {
            IAsyncEnumerator<TIn> source = _inputs.GetAsyncEnumerator(_stopped);
            await using (source.ConfigureAwait(false))
            {
                for (long index = 0; await MoveNextAsync(source, index).ConfigureAwait(false); index++)
                {
                    if (index >= _options.StartIndex)
                    {
                        Start(index, source.Current);
                    }
                }
            }
        }
        catch (Exception exception)
        {
            _sourceError = ExceptionDispatchInfo.Capture(exception);
        }

        EndOne();
    }

    private async ValueTask<bool> MoveNextAsync(IAsyncEnumerator<TIn> source, long index)
    {
        _stopped.ThrowIfCancellationRequested();
        if (index >= _options.StartIndex)
        {
            await _slots.WaitAsync(_stopped).ConfigureAwait(false);
        }

        return await source.MoveNextAsync().ConfigureAwait(false);
    }

    private void Start(long index, TIn input)
    {
        Interlocked.Increment(ref _underWay);
        object? key;
        Task? previous;
        try
        {
            key = _options.OrderingKey?.Invoke(input);
            previous = key is null ? null : _keys.Find(key);
        }
        catch (Exception exception)
        {
            End(new PredictionResult<TIn, TOut>(index, input, exception));
            return;
        }

        Task prediction = PredictAsync(index, input, previous);
        if (key is not null)
        {
            _keys.Add(key, prediction);
        }
    }

    /// <summary>Predicts one item; its error is its result.</summary>
    private async Task PredictAsync(long index, TIn input, Task? previous)
    {
        PredictionResult<TIn, TOut> result;
        try
        {
            if (previous is not null)
            {
                await previous.ConfigureAwait(false);

                // The thread that completed the one before is not ours to predict on.
                await Task.Yield();
            }

            result = new PredictionResult<TIn, TOut>(index, input, await PredictAsync(input).ConfigureAwait(false));
        }
        catch (Exception exception)
        {
            result = new PredictionResult<TIn, TOut>(index, input, exception);
        }

        End(result);
    }

    /// <summary>Predicts, again and again while the predictor is overloaded and the deadline leaves time for it.</summary>
    private async ValueTask<TOut> PredictAsync(TIn input)
    {
        TimeProvider clock = _options.TimeProvider;
        long started = clock.GetTimestamp();
        while (true)
        {
            _stopped.ThrowIfCancellationRequested();
            TimeSpan wait;
            try
            {
                return await PredictAsync(input, started).ConfigureAwait(false);
            }
            catch (OverloadedException exception) when (CanWait(exception.RetryAfter, started))
            {
                wait = exception.RetryAfter;
            }

            wait = wait < s_minRetry ? s_minRetry : wait > s_maxRetry ? s_maxRetry : wait;
            await Task.Delay(wait, clock, _stopped).ConfigureAwait(false);
        }
    }

    private async ValueTask<TOut> PredictAsync(TIn input, long started)
    {
        // A new one for each try: the wait between two is no stage of the pipeline.
        using var context = PredictionContext.Rent(_options.TimeProvider);
        context.Priority = _options.Priority;
        if (_options.ItemDeadline is { } deadline)
        {
            TimeSpan left = deadline - _options.TimeProvider.GetElapsedTime(started);
            context.SetDeadline(left > TimeSpan.Zero ? left : TimeSpan.Zero);
        }

        return await _predictor.PredictAsync(input, context, _stopped).ConfigureAwait(false);
    }

    private bool CanWait(TimeSpan retryAfter, long started) =>
        _options.ItemDeadline is not { } deadline
        || retryAfter < deadline - _options.TimeProvider.GetElapsedTime(started);

    private void End(in PredictionResult<TIn, TOut> result)
    {
        // It takes everything until it is completed, which it is not while this one is under way.
        _results.Writer.TryWrite(result);
        EndOne();
    }

    private void EndOne()
    {
        if (Interlocked.Decrement(ref _underWay) == 0)
        {
            _results.Writer.Complete();
        }
    }
}
