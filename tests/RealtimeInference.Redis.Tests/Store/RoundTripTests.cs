using StackExchange.Redis;

namespace RealtimeInference.Redis.Tests;

// The proxy holds every answer back until all commands have come: whoever waited for one before the next would wait for ever.
[Collection(SharedRedis.Name)]
public sealed class RoundTripTests(RedisFixture redis)
{
    private static readonly DateTimeOffset s_time = new(2026, 3, 1, 12, 30, 15, TimeSpan.Zero);

    [Theory]
    [InlineData(1)]
    [InlineData(10)]
    [InlineData(300)]
    public async Task ReadAsync_ManyEntities_OneRoundTrip(int count)
    {
        var card = new CardFeatures();
        using var proxy = new FaultProxy(redis.Port);
        await using ConnectionMultiplexer multiplexer = await ConnectAsync(proxy);
        var store = new RedisFeatureStore(multiplexer, new RedisFeatureStoreOptions { KeyPrefix = redis.NewPrefix(), Timeout = TimeSpan.FromMinutes(5) });
        await store.WriteAsync(Enumerable.Range(0, count).Select(i => card.Create(i, i, s_time)).ToArray());
        FeatureRow[] rows = [.. Enumerable.Range(0, count).Select(i => FeatureRow.Rent(card.View, i))];
        proxy.CountAndHold("HMGET", count);

        await store.ReadAsync(rows, default).AsTask().Watch();

        proxy.Commands.Should().Be(count);
        proxy.Turns.Should().Be(1);
        for (int i = 0; i < count; i++)
        {
            card.ShouldBe(rows[i], i, s_time);
        }
    }

    [Fact]
    public async Task WriteAsync_ManyRowsWithExpiry_OneRoundTrip()
    {
        var card = new CardFeatures();
        using var proxy = new FaultProxy(redis.Port);
        await using ConnectionMultiplexer multiplexer = await ConnectAsync(proxy);
        var store = new RedisFeatureStore(multiplexer, new RedisFeatureStoreOptions { KeyPrefix = redis.NewPrefix(), WriteTimeout = TimeSpan.FromMinutes(5) });
        await store.WriteAsync(new[] { card.Create(-1, 1, s_time) });
        FeatureRow[] rows = [.. Enumerable.Range(0, 100).Select(i => card.Create(i, i, s_time, TimeProvider.System.GetUtcNow().AddDays(1)))];
        proxy.CountAndHold("EVALSHA", 100);

        (await store.WriteAsync(rows).AsTask().Watch()).Should().Be(100);

        proxy.Commands.Should().Be(100);
        proxy.Turns.Should().Be(1);
    }

    [Fact]
    public async Task CountAndHold_OneAfterTheOther_IsSeen()
    {
        // What the proxy says of a client that does not send its commands together.
        using var proxy = new FaultProxy(redis.Port);
        await using ConnectionMultiplexer multiplexer = await ConnectAsync(proxy);
        IDatabase database = multiplexer.GetDatabase();
        proxy.CountAndHold("HMGET", 0);

        for (int i = 0; i < 5; i++)
        {
            await database.HashGetAsync("none", [(RedisValue)"a"]);
        }

        proxy.Commands.Should().Be(5);
        proxy.Turns.Should().Be(5);
    }

    private static Task<ConnectionMultiplexer> ConnectAsync(FaultProxy proxy) =>
        ConnectionMultiplexer.ConnectAsync($"127.0.0.1:{proxy.Port},asyncTimeout=60000");
}
