using Polly.CircuitBreaker;
using StackExchange.Redis;

namespace RealtimeInference.Redis.Tests;

/// <summary>Nothing else runs beside these: they measure the memory of the process and its unseen errors.</summary>
[CollectionDefinition(nameof(RunsAlone), DisableParallelization = true)]
public sealed class RunsAlone;

// A real server behind a real proxy, a real model, several callers at once. Nothing is said about times: every prediction ends,
// and the counts say what happened to its features.
[Collection(nameof(RunsAlone))]
public sealed class ServerFaultTests
{
    private const int Cards = 50;
    private static readonly TimeSpan s_budget = TimeSpan.FromMilliseconds(10);

    [Fact]
    public async Task Predict_ServerKilledAndRestarted_GoesOnWithDefaultsThenWithFeatures()
    {
        using ITestServer server = TestServers.Start();
        await using ConnectionMultiplexer multiplexer = await ConnectAsync(server.Port);
        using var load = new Load(multiplexer);
        await load.WriteAsync();
        await load.UntilFound(100);

        server.Kill();
        await load.Until(() => load.Store.CircuitState == CircuitState.Open, "the circuit opens");
        await load.UntilDefaulted(500);
        load.Errors.Should().ContainSingle(static e => e is FeatureStoreUnavailableException, "those who asked while the circuit was open were told")
            .Which.As<FeatureStoreUnavailableException>().RetryAfter.Should().NotBeNull();

        server.Start();
        await load.Until(() => load.Store.CircuitState == CircuitState.Closed, "the circuit closes");

        // The server has nothing: rows are missing, not failed, until they are written again; also the script is new to it.
        await load.UntilMissing(100);
        await load.WriteAsync();
        await load.UntilFound(100);
        await load.StopAsync();
    }

    [Fact]
    public async Task Predict_ServerFrozen_GoesOnWithDefaults_MemoryIsFlat()
    {
        using ITestServer server = TestServers.Start();
        using var proxy = new FaultProxy(server.Port);
        await using ConnectionMultiplexer multiplexer = await ConnectAsync(proxy.Port);
        using var load = new Load(multiplexer);
        await load.WriteAsync();
        await load.UntilFound(1000);
        long before = GC.GetTotalMemory(forceFullCollection: true);

        proxy.Freeze();
        await load.Until(() => load.Store.CircuitState == CircuitState.Open, "the circuit opens");
        await load.UntilDefaulted(5000);
        (GC.GetTotalMemory(forceFullCollection: true) - before).Should().BeLessThan(16 * 1024 * 1024, "what was asked in vain is let go");

        proxy.Thaw();
        await load.Until(() => load.Store.CircuitState == CircuitState.Closed, "the circuit closes");
        await load.UntilFound(1000);
        await load.StopAsync();
        (GC.GetTotalMemory(forceFullCollection: true) - before).Should().BeLessThan(16 * 1024 * 1024);
    }

    [Fact]
    public async Task Predict_ServerSlow_GoesOnWithDefaultsThenWithFeatures()
    {
        using ITestServer server = TestServers.Start();
        using var proxy = new FaultProxy(server.Port);
        await using ConnectionMultiplexer multiplexer = await ConnectAsync(proxy.Port);
        using var load = new Load(multiplexer);
        await load.WriteAsync();
        await load.UntilFound(100);

        proxy.Slow(TimeSpan.FromMilliseconds(100));
        await load.Until(() => load.Store.CircuitState == CircuitState.Open, "the circuit opens");
        await load.UntilDefaulted(500);

        proxy.Slow(TimeSpan.Zero);
        await load.Until(() => load.Store.CircuitState == CircuitState.Closed, "the circuit closes");
        await load.UntilFound(100);
        await load.StopAsync();
    }

    [Fact]
    public async Task ReadAsync_CallersWhoStopWaiting_CircuitHearsOfTheServerNevertheless()
    {
        using ITestServer server = TestServers.Start();
        using var proxy = new FaultProxy(server.Port);
        await using ConnectionMultiplexer multiplexer = await ConnectAsync(proxy.Port);
        var card = new CardFeatures();
        var store = new RedisFeatureStore(multiplexer);
        proxy.Freeze();

        // Nobody waits as long as the time-out: every read ends as cancelled, and none as failed.
        int cancelled = 0;
        for (int i = 0; i < 1000 && store.CircuitState != CircuitState.Open; i++)
        {
            using var cancellation = new CancellationTokenSource(TimeSpan.FromMilliseconds(2));
            using FeatureRow row = FeatureRow.Rent(card.View, 1);
            try
            {
                await store.ReadAsync(new[] { row }, cancellation.Token).AsTask().Watch();
            }
            catch (OperationCanceledException exception)
            {
                exception.CancellationToken.Should().Be(cancellation.Token);
                row.IsComplete.Should().BeFalse();
                cancelled++;
            }
        }

        cancelled.Should().BeGreaterThanOrEqualTo(10);
        store.CircuitState.Should().Be(CircuitState.Open);
    }

    [Fact]
    public async Task ReadAsync_TimedOutAndOpen_SaysWhatIsWrong()
    {
        using ITestServer server = TestServers.Start();
        using var proxy = new FaultProxy(server.Port);
        await using ConnectionMultiplexer multiplexer = await ConnectAsync(proxy.Port);
        var card = new CardFeatures();
        var store = new RedisFeatureStore(multiplexer, new RedisFeatureStoreOptions { BreakDuration = TimeSpan.FromDays(1) });
        proxy.Freeze();
        var errors = new List<Exception>();
        while (store.CircuitState != CircuitState.Open)
        {
            errors.Add(await ReadErrorAsync());
        }

        errors.Should().HaveCountGreaterThanOrEqualTo(10).And.AllSatisfy(static e =>
        {
            e.Should().BeOfType<FeatureStoreUnavailableException>().Which.RetryAfter.Should().BeNull();
            e.Message.Should().Contain("50 ms");
        });
        Exception open = await ReadErrorAsync();
        open.Should().BeOfType<FeatureStoreUnavailableException>().Which.RetryAfter.Should().BeGreaterThan(TimeSpan.FromHours(23));

        async Task<Exception> ReadErrorAsync()
        {
            FeatureRow[] rows = [FeatureRow.Rent(card.View, 1), FeatureRow.Rent(card.View, 2)];
            await store.ReadAsync(rows, default).AsTask().Watch();
            rows[0].Error.Should().BeSameAs(rows[1].Error);
            return rows[0].Error!;
        }
    }

    [Fact]
    public async Task WriteAsync_ServerFrozenOrGone_FailsWithinItsTime()
    {
        using ITestServer server = TestServers.Start();
        using var proxy = new FaultProxy(server.Port);
        await using ConnectionMultiplexer multiplexer = await ConnectAsync(proxy.Port);
        var card = new CardFeatures();
        var store = new RedisFeatureStore(multiplexer, new RedisFeatureStoreOptions { WriteTimeout = TimeSpan.FromMilliseconds(100) });
        Func<Task> write = () => store.WriteAsync(new[] { card.Create(1, 1, DateTimeOffset.UnixEpoch) }).AsTask().Watch();
        Func<Task> remove = () => store.RemoveAsync(card.View, 1).AsTask().Watch();

        proxy.Freeze();
        await write.Should().ThrowAsync<FeatureStoreUnavailableException>().WithMessage("*100 ms*");
        await remove.Should().ThrowAsync<FeatureStoreUnavailableException>();
        proxy.Dispose();
        server.Kill();
        await write.Should().ThrowAsync<FeatureStoreUnavailableException>();
    }

    [Fact]
    public async Task Predict_ServerKilled_NoErrorIsLeftUnseen()
    {
        var unseen = new List<Exception>();
        EventHandler<UnobservedTaskExceptionEventArgs> onUnseen = (_, arguments) =>
        {
            lock (unseen)
            {
                unseen.Add(arguments.Exception);
            }
        };
        TaskScheduler.UnobservedTaskException += onUnseen;
        try
        {
            using (ITestServer server = TestServers.Start())
            {
                await using ConnectionMultiplexer multiplexer = await ConnectAsync(server.Port);
                using var load = new Load(multiplexer);
                await load.WriteAsync();
                await load.UntilFound(100);
                server.Kill();
                await load.UntilDefaulted(500);
                await load.StopAsync();
            }

            GC.Collect();
            GC.WaitForPendingFinalizers();
            GC.Collect();
            lock (unseen)
            {
                unseen.Where(static e => e.ToString().Contains("RealtimeInference", StringComparison.Ordinal)).Should().BeEmpty();
            }
        }
        finally
        {
            TaskScheduler.UnobservedTaskException -= onUnseen;
        }
    }

    private static Task<ConnectionMultiplexer> ConnectAsync(int port)
    {
        ConfigurationOptions options = ConfigurationOptions.Parse($"127.0.0.1:{port},abortConnect=false,connectTimeout=2000,asyncTimeout=2000");
        options.ReconnectRetryPolicy = new LinearRetry(100);
        return ConnectionMultiplexer.ConnectAsync(options);
    }

    /// <summary>Callers who predict without a pause longer than a millisecond, and what became of their features.</summary>
    private sealed class Load : IDisposable
    {
        private readonly CardFeatures _card = new();
        private readonly FraudPipeline _pipeline;
        private readonly CancellationTokenSource _stop = new();
        private readonly Task[] _callers;
        private int _found;
        private int _missing;
        private int _defaulted;

        public Load(ConnectionMultiplexer multiplexer)
        {
            Store = new RedisFeatureStore(multiplexer, new RedisFeatureStoreOptions { BreakDuration = TimeSpan.FromMilliseconds(500) });
            _pipeline = new FraudPipeline(Store, _card, s_budget);
            _callers = [.. Enumerable.Range(0, 4).Select(i => Task.Run(() => PredictAsync(new Random(i))))];
        }

        public RedisFeatureStore Store { get; }

        /// <summary>Gets the last error that the context told.</summary>
        public List<Exception> Errors { get; } = [];

        public async Task WriteAsync()
        {
            // With the writer's own patience: a server that has just started may be slow.
            FeatureRow[] rows = [.. Enumerable.Range(0, Cards).Select(i => _card.Create(i, i, TimeProvider.System.GetUtcNow()))];
            (await Store.WriteAsync(rows).AsTask().Watch()).Should().Be(Cards);
        }

        public Task UntilFound(int count) => UntilMore(() => Volatile.Read(ref _found), count, "predictions have their features");

        public Task UntilMissing(int count) => UntilMore(() => Volatile.Read(ref _missing), count, "predictions go on without rows");

        public Task UntilDefaulted(int count) => UntilMore(() => Volatile.Read(ref _defaulted), count, "predictions go on with defaults");

        public async Task Until(Func<bool> isTrue, string because)
        {
            await Watchdog.Until(() => isTrue() || Array.Exists(_callers, static c => c.IsFaulted), because);
            await Task.WhenAll(_callers.Where(static c => c.IsFaulted));
        }

        public async Task StopAsync()
        {
            _stop.Cancel();
            await Task.WhenAll(_callers).Watch();
        }

        public void Dispose()
        {
            _stop.Cancel();
            Task.WaitAll(_callers, TimeSpan.FromMinutes(1));
            _pipeline.Dispose();
        }

        private Task UntilMore(Func<int> get, int count, string because)
        {
            int start = get();
            return Until(() => get() - start >= count, because);
        }

        private async Task PredictAsync(Random random)
        {
            while (!_stop.IsCancellationRequested)
            {
                int id = random.Next(Cards);
                using PredictionContext context = PredictionContext.Rent();
                FraudPipeline.Scored scored = await _pipeline.Predictor.PredictAsync(id, context, default).AsTask().Watch();
                scored.Score.Should().BeInRange(0, 1);
                Count(id, scored, context);
                await Task.Delay(1);
            }
        }

        private void Count(int id, FraudPipeline.Scored scored, PredictionContext context)
        {
            context.HasDefaultedFeatures.Should().Be(scored.Reason != FeatureDefaultReason.None);
            context.Features[0].Reason.Should().Be(scored.Reason);
            switch (scored.Reason)
            {
                case FeatureDefaultReason.None:
                    scored.Amount.Should().Be(0.1f + id);
                    Interlocked.Increment(ref _found);
                    break;
                case FeatureDefaultReason.Missing:
                    scored.Amount.Should().Be(-1);
                    Interlocked.Increment(ref _missing);
                    break;
                case FeatureDefaultReason.TimedOut or FeatureDefaultReason.Failed:
                    scored.Amount.Should().Be(-1);
                    Interlocked.Increment(ref _defaulted);
                    if (context.Features[0].Error is FeatureStoreUnavailableException { RetryAfter: not null } error)
                    {
                        lock (Errors)
                        {
                            Errors.Clear();
                            Errors.Add(error);
                        }
                    }

                    break;
                default:
                    throw new InvalidOperationException($"Nothing of the kind was to happen: {scored}");
            }
        }
    }
}
