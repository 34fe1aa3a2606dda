using System.Globalization;
using Polly;
using Polly.CircuitBreaker;
using Polly.Timeout;
using StackExchange.Redis;

namespace RealtimeInference.Redis;

/// <summary>Reads rows from Redis: all of a call in one round trip, behind a circuit breaker and a time-out.</summary>
internal sealed class RedisReader
{
    private readonly IDatabase _database;
    private readonly IHashLayout _layout;
    private readonly CommandFlags _flags;
    private readonly TimeSpan _timeout;
    private readonly ResiliencePipeline<HashReads> _pipeline;
    private readonly CircuitBreakerStateProvider _circuit = new();

    public RedisReader(IConnectionMultiplexer multiplexer, IHashLayout layout, RedisStoreOptions options, string name)
    {
        _database = multiplexer.GetDatabase(options.Database);
        _layout = layout;
        _flags = options.ReadFlags;
        _timeout = options.Timeout;
        _pipeline = ReadPipeline.Create(options, _circuit, name);
    }

    public IDatabase Database => _database;

    public CircuitState CircuitState => _circuit.CircuitState;

    public async ValueTask ReadAsync(ReadOnlyMemory<FeatureRow> rows, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        HashReads reads = HashReads.Rent();
        Prepare(rows.Span, reads);
        Exception? error = null;
        if (reads.Count > 0)
        {
            ValueTask<Exception?> execution = ExecuteAsync(reads);

            // Whoever stops waiting leaves the answers behind, not the circuit: if only those who wait were counted, a server that
            // is slower than their budget would never be found out.
            error = execution.IsCompleted || !cancellationToken.CanBeCanceled
                ? await execution.ConfigureAwait(false)
                : await execution.AsTask().WaitAsync(cancellationToken).ConfigureAwait(false);
        }

        Fill(rows.Span, reads, error);
        reads.Return();
    }

    private static async ValueTask<Outcome<HashReads>> SendAsync(ResilienceContext context, (RedisReader Reader, HashReads Reads) state)
    {
        Task answers;
        try
        {
            answers = state.Reads.Send(state.Reader._database, state.Reader._flags);
        }
        catch (Exception exception) when (exception is RedisException or TimeoutException or ObjectDisposedException)
        {
            return Outcome.FromException<HashReads>(exception);
        }

        await answers.WaitAsync(context.CancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        return answers.IsCompleted
            ? state.Reads.FindFailure() is { } failure ? Outcome.FromException<HashReads>(failure) : Outcome.FromResult(state.Reads)
            : Outcome.FromException<HashReads>(new OperationCanceledException(context.CancellationToken));
    }

    private async ValueTask<Exception?> ExecuteAsync(HashReads reads)
    {
        ResilienceContext context = ResilienceContextPool.Shared.Get(continueOnCapturedContext: false);
        Outcome<HashReads> outcome = await _pipeline.ExecuteOutcomeAsync(SendAsync, context, (this, reads)).ConfigureAwait(false);
        ResilienceContextPool.Shared.Return(context);
        return outcome.Exception;
    }

    private void Prepare(ReadOnlySpan<FeatureRow> rows, HashReads reads)
    {
        for (int i = 0; i < rows.Length; i++)
        {
            if (_layout.TryGetKey(rows[i], out RedisKey key))
            {
                reads.Add(i, key, _layout.GetFields(rows[i].View));
            }
        }
    }

    private void Fill(ReadOnlySpan<FeatureRow> rows, HashReads reads, Exception? error)
    {
        FeatureStoreUnavailableException? unavailable = null;
        for (int i = 0; i < reads.Count; i++)
        {
            FeatureRow row = rows[reads.GetRow(i)];
            Task<RedisValue[]>? answer = reads.GetAnswer(i);
            if (answer is { IsCompletedSuccessfully: true })
            {
                // Also where others of the same read failed: what has come is good.
                _layout.Fill(row, answer.Result);
            }
            else if (answer?.Exception?.InnerException is { } fault && HashReads.IsFaultOfRow(fault))
            {
                row.CompleteFailed(fault);
            }
            else
            {
                row.CompleteFailed(unavailable ??= Explain(error!));
            }
        }
    }

    private FeatureStoreUnavailableException Explain(Exception error) => error switch
    {
        BrokenCircuitException broken => new FeatureStoreUnavailableException(
            string.Create(CultureInfo.InvariantCulture, $"Redis has failed too often, so it is not asked for {broken.RetryAfter?.TotalSeconds ?? 0:0.#} s more."),
            broken.RetryAfter ?? TimeSpan.Zero,
            broken),
        TimeoutRejectedException => new FeatureStoreUnavailableException(
            string.Create(CultureInfo.InvariantCulture, $"Redis did not answer within {_timeout.TotalMilliseconds:0.###} ms."), null, error),
        _ => new FeatureStoreUnavailableException($"Redis failed: {error.Message}", null, error),
    };
}
