using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Polly.CircuitBreaker;
using StackExchange.Redis;

namespace RealtimeInference.Redis.Tests;

[Collection(nameof(RunsAlone))]
public sealed class HostTests
{
    [Fact]
    public async Task AddRedisFeatureStore_HostsMultiplexer_IsUsedAndNotDisposed()
    {
        using ITestServer server = TestServers.Start();
        await using ConnectionMultiplexer multiplexer = await ConnectionMultiplexer.ConnectAsync($"127.0.0.1:{server.Port}");
        var services = new ServiceCollection();
        services.AddLogging();
        services.AddSingleton<IConnectionMultiplexer>(multiplexer);
        services.AddRealtimeInference().AddRedisFeatureStore(static o => o.KeyPrefix = "host:").AddRedisFeatureStore(name: "other");

        await using (ServiceProvider provider = services.BuildServiceProvider())
        {
            var store = provider.GetRequiredService<RedisFeatureStore>();
            provider.GetRequiredService<IFeatureStore>().Should().BeSameAs(store);
            provider.GetRequiredService<IFeatureWriter>().Should().BeSameAs(store);
            provider.GetRequiredKeyedService<IFeatureStore>("other").Should().BeOfType<RedisFeatureStore>().And.NotBeSameAs(store);
            store.GetService(typeof(IConnectionMultiplexer)).Should().BeSameAs(multiplexer);
            await store.WriteAsync(new[] { new CardFeatures().Create(1, 1, DateTimeOffset.UnixEpoch) });
        }

        multiplexer.GetDatabase().KeyExists("host:card_daily:1").Should().BeTrue("the connection is the host's, and lives");
    }

    [Fact]
    public void AddRedisFeatureStore_NoMultiplexer_SaysWhatIsMissing()
    {
        var services = new ServiceCollection();
        services.AddRealtimeInference().AddRedisFeatureStore();
        using ServiceProvider provider = services.BuildServiceProvider();

        Action resolve = () => provider.GetRequiredService<IFeatureStore>();

        resolve.Should().Throw<InvalidOperationException>().WithMessage("*IConnectionMultiplexer*");
    }

    [Fact]
    public async Task HealthCheck_ServerWellThenFrozenThenWell_SaysSo()
    {
        using ITestServer server = TestServers.Start();
        using var proxy = new FaultProxy(server.Port);
        await using ConnectionMultiplexer multiplexer = await ConnectionMultiplexer.ConnectAsync($"127.0.0.1:{proxy.Port},asyncTimeout=1000");
        var services = new ServiceCollection();
        services.AddLogging();
        services.AddSingleton<IConnectionMultiplexer>(multiplexer);
        services.AddRealtimeInference()
            .AddRedisFeatureStore(static o => o.BreakDuration = TimeSpan.FromMilliseconds(500))
            .AddFeastRedisStore(static o => o.AddEntity("driver", new FeastJoinKey("driver_id", FeastKeyType.Int64)).Project = "p", name: "feast");
        services.AddHealthChecks().AddRedisFeatureStore().AddRedisFeatureStore("feast", "feast-features", HealthStatus.Unhealthy, ["ready"]);
        await using ServiceProvider provider = services.BuildServiceProvider();
        var health = provider.GetRequiredService<HealthCheckService>();
        var store = provider.GetRequiredService<RedisFeatureStore>();
        var card = new CardFeatures();

        HealthReport report = await health.CheckHealthAsync().Watch();
        report.Entries["redis-features"].Status.Should().Be(HealthStatus.Healthy);
        report.Entries["feast-features"].Status.Should().Be(HealthStatus.Healthy);
        report.Entries["redis-features"].Data["circuit"].Should().Be("Closed");

        proxy.Freeze();
        while (store.CircuitState != CircuitState.Open)
        {
            await ReadAsync();
        }

        report = await health.CheckHealthAsync().Watch();
        report.Entries["redis-features"].Status.Should().Be(HealthStatus.Degraded);
        report.Entries["feast-features"].Status.Should().Be(HealthStatus.Unhealthy);

        proxy.Thaw();
        await Watchdog.Until(
            () =>
            {
                ReadAsync().GetAwaiter().GetResult();
                return store.CircuitState == CircuitState.Closed;
            },
            "the circuit closes");
        report = await health.CheckHealthAsync().Watch();
        report.Status.Should().Be(HealthStatus.Healthy);

        async Task ReadAsync()
        {
            using FeatureRow row = FeatureRow.Rent(card.View, 1);
            await store.ReadAsync(new[] { row }, default).AsTask().Watch();
        }
    }

    [Fact]
    public async Task HealthCheck_NoStore_SaysWhatIsMissing()
    {
        var services = new ServiceCollection();
        services.AddLogging();
        services.AddHealthChecks().AddRedisFeatureStore();
        await using ServiceProvider provider = services.BuildServiceProvider();

        Func<Task> check = () => provider.GetRequiredService<HealthCheckService>().CheckHealthAsync();

        (await check.Should().ThrowAsync<InvalidOperationException>()).WithMessage("*AddRedisFeatureStore*");
    }
}
