using StackExchange.Redis;

namespace RealtimeInference.Redis.Tests;

[Collection(SharedRedis.Name)]
public sealed class ReadWriteTests(RedisFixture redis)
{
    private static readonly DateTimeOffset s_time = new(2026, 3, 1, 12, 30, 15, 123, 456, TimeSpan.Zero);

    [Fact]
    public async Task WriteAsync_ThenRead_EveryTypeIsTheSame()
    {
        var card = new CardFeatures();
        RedisFeatureStore store = NewStore(out _);
        FeatureRow[] written = [.. Enumerable.Range(0, 20).Select(i => card.Create($"card-{i}", i, s_time.AddSeconds(i)))];

        (await store.WriteAsync(written)).Should().Be(20);

        FeatureRow[] rows = [.. Enumerable.Range(0, 20).Select(i => FeatureRow.Rent(card.View, $"card-{i}"))];
        await store.ReadAsync(rows, default);
        for (int i = 0; i < rows.Length; i++)
        {
            card.ShouldBe(rows[i], i, s_time.AddSeconds(i));
        }
    }

    [Fact]
    public async Task WriteAsync_NumbersAtTheEdges_AreReadBackAsTheyWere()
    {
        var single = new FeatureField<float>("f", 7);
        var view = new FeatureView("edges", "thing", [single, new FeatureField<double>("d", 7)]);
        var wide = (FeatureField<double>)view.Fields[1];
        RedisFeatureStore store = NewStore(out _);
        double[] numbers = [0, -0.0, double.Epsilon, double.MaxValue, double.NaN, double.PositiveInfinity, double.NegativeInfinity, 1 / 3d, 0.1];
        FeatureRow[] rows = [.. numbers.Select((n, i) =>
        {
            FeatureRow row = FeatureRow.Rent(view, i);
            row.Set(single, (float)n);
            row.Set(wide, n);
            row.CompleteFound(s_time);
            return row;
        })];
        await store.WriteAsync(rows);

        FeatureRow[] read = [.. numbers.Select((_, i) => FeatureRow.Rent(view, i))];
        await store.ReadAsync(read, default);

        for (int i = 0; i < numbers.Length; i++)
        {
            BitConverter.DoubleToInt64Bits(read[i].Read().Get(wide)).Should().Be(BitConverter.DoubleToInt64Bits(numbers[i]));
            BitConverter.SingleToInt32Bits(read[i].Read().Get(single)).Should().Be(BitConverter.SingleToInt32Bits((float)numbers[i]));
        }
    }

    [Fact]
    public async Task WriteAsync_Row_LiesAsDocumented()
    {
        var card = new CardFeatures();
        RedisFeatureStore store = NewStore(out string prefix);

        await store.WriteAsync(new[] { card.Create(4929, 2, s_time) });

        Dictionary<string, RedisValue> hash = (await redis.Database.HashGetAllAsync($"{prefix}card_daily:4929")).ToDictionary(static e => e.Name.ToString(), static e => e.Value);
        hash.Keys.Should().BeEquivalentTo("_ts", "amount", "total", "count", "sum", "is_new", "country", "last_seen", "embedding");
        hash["_ts"].Should().Be((RedisValue)((s_time - DateTimeOffset.UnixEpoch).Ticks / 10));
        hash["amount"].ToString().Should().Be("2.1");
        hash["count"].ToString().Should().Be("-2");
        hash["is_new"].ToString().Should().Be("1");
        hash["country"].ToString().Should().Be("Zürich 2");
        hash["last_seen"].ToString().Should().Be("2026-03-01T12:30:15.1234558Z");
        ((byte[])hash["embedding"]!).Should().Equal([0, 0, 0, 0x40, 0, 0, 0, 0xBF, 0xFF, 0xFF, 0x7F, 0x7F]);
    }

    [Fact]
    public async Task ReadAsync_WrittenByAnotherProgram_IsRead()
    {
        var card = new CardFeatures();
        RedisFeatureStore store = NewStore(out string prefix);
        await redis.Database.HashSetAsync($"{prefix}card_daily:c", [new("amount", "12.5"), new("count", "41"), new("is_new", "true"), new("_ts", "1764000000000000")]);
        await redis.Database.HashIncrementAsync($"{prefix}card_daily:c", "count");
        await redis.Database.HashIncrementAsync($"{prefix}card_daily:c", "amount", 0.25);

        using FeatureRow row = await ReadOneAsync(store, card.View, "c");

        row.Read().Get(card.Amount).Should().Be(12.75f);
        row.Read().Get(card.Count).Should().Be(42);
        row.Read().Get(card.IsNew).Should().BeTrue();
        row.Timestamp.Should().Be(DateTimeOffset.FromUnixTimeSeconds(1764000000));
        row.Read().GetDefaultReason(card.Total).Should().Be(FeatureDefaultReason.Missing);
    }

    [Fact]
    public async Task ReadAsync_NoSuchRow_IsMissing()
    {
        var card = new CardFeatures();
        RedisFeatureStore store = NewStore(out _);
        await store.WriteAsync(new[] { card.Create("there", 1, s_time) });

        FeatureRow[] rows = [FeatureRow.Rent(card.View, "not there"), FeatureRow.Rent(card.View, "there")];
        await store.ReadAsync(rows, default);

        rows[0].IsComplete.Should().BeTrue();
        rows[0].Read().DefaultReason.Should().Be(FeatureDefaultReason.Missing);
        card.ShouldBe(rows[1], 1, s_time);
    }

    [Fact]
    public async Task ReadAsync_ViewsAndKeysMixedAndTwice_EachRowIsItsOwn()
    {
        var daily = new CardFeatures();
        var hourly = new CardFeatures(name: "card_hourly");
        RedisFeatureStore store = NewStore(out _);
        await store.WriteAsync(new[] { daily.Create(1, 10, s_time), hourly.Create(1, 20, s_time), daily.Create(2, 30, s_time) });

        FeatureRow[] rows =
        [
            FeatureRow.Rent(hourly.View, 1), FeatureRow.Rent(daily.View, 2), FeatureRow.Rent(daily.View, 1),
            FeatureRow.Rent(hourly.View, 2), FeatureRow.Rent(daily.View, "1"),
        ];
        await store.ReadAsync(rows, default);

        hourly.ShouldBe(rows[0], 20, s_time);
        daily.ShouldBe(rows[1], 30, s_time);
        daily.ShouldBe(rows[2], 10, s_time);
        rows[3].Read().DefaultReason.Should().Be(FeatureDefaultReason.Missing);
        daily.ShouldBe(rows[4], 10, s_time);
    }

    [Fact]
    public async Task ReadAsync_NoRows_AsksNothing()
    {
        RedisFeatureStore store = NewStore(out _);
        Task read = store.ReadAsync(ReadOnlyMemory<FeatureRow>.Empty, default).AsTask();
        read.IsCompletedSuccessfully.Should().BeTrue();
        (await store.WriteAsync(ReadOnlyMemory<FeatureRow>.Empty)).Should().Be(0);
    }

    [Fact]
    public async Task WriteAsync_OlderRow_IsLeftOut_SameAgeAndNewerReplace()
    {
        var card = new CardFeatures();
        RedisFeatureStore store = NewStore(out _);

        (await store.WriteAsync(new[] { card.Create(1, 1, s_time) })).Should().Be(1);
        (await store.WriteAsync(new[] { card.Create(1, 2, s_time.AddMicroseconds(-1)) })).Should().Be(0);
        card.ShouldBe(await ReadOneAsync(store, card.View, 1), 1, s_time);
        (await store.WriteAsync(new[] { card.Create(1, 3, s_time) })).Should().Be(1);
        card.ShouldBe(await ReadOneAsync(store, card.View, 1), 3, s_time);

        // Events out of order within one write: the newest wins.
        (await store.WriteAsync(new[] { card.Create(1, 5, s_time.AddMicroseconds(2)), card.Create(1, 4, s_time.AddMicroseconds(1)) })).Should().Be(1);
        card.ShouldBe(await ReadOneAsync(store, card.View, 1), 5, s_time.AddMicroseconds(2));
    }

    [Fact]
    public async Task WriteAsync_FewerFields_OldOnesAreGone()
    {
        var card = new CardFeatures();
        RedisFeatureStore store = NewStore(out _);
        await store.WriteAsync(new[] { card.Create(1, 1, s_time) });

        FeatureRow row = FeatureRow.Rent(card.View, 1);
        row.Set(card.Count, 9);
        row.CompleteFound(s_time.AddSeconds(1));
        await store.WriteAsync(new[] { row });

        FeatureValues values = (await ReadOneAsync(store, card.View, 1)).Read();
        values.Get(card.Count).Should().Be(9);
        values.GetDefaultReason(card.Amount).Should().Be(FeatureDefaultReason.Missing);
        values.GetDefaultReason(card.Country).Should().Be(FeatureDefaultReason.Missing);
    }

    [Fact]
    public async Task WriteAsync_RowWithNoValues_IsThereWithItsTime()
    {
        var card = new CardFeatures();
        RedisFeatureStore store = NewStore(out _);
        FeatureRow row = FeatureRow.Rent(card.View, 1);
        row.CompleteFound(s_time);
        await store.WriteAsync(new[] { row });

        FeatureRow read = await ReadOneAsync(store, card.View, 1);

        read.IsFound.Should().BeTrue();
        read.Timestamp.Should().Be(s_time);
        read.Read().GetDefaultReason(card.Amount).Should().Be(FeatureDefaultReason.Missing);
    }

    [Fact]
    public async Task WriteAsync_ManyRowsAtOnce_ConcurrentWriters_NewestWins()
    {
        var card = new CardFeatures();
        RedisFeatureStore store = NewStore(out _);

        // Eight writers, the same hundred keys, each with other times, in another order.
        await Task.WhenAll(Enumerable.Range(0, 8).Select(writer => Task.Run(async () =>
        {
            var random = new Random(writer);
            int[] keys = [.. Enumerable.Range(0, 100)];
            random.Shuffle(keys);
            await store.WriteAsync(keys.Select(k => card.Create(k, (writer * 100) + k, s_time.AddSeconds((writer * 37 % 8) + k))).ToArray());
        }))).Watch();

        int newest = Enumerable.Range(0, 8).MaxBy(static w => w * 37 % 8);
        FeatureRow[] rows = [.. Enumerable.Range(0, 100).Select(k => FeatureRow.Rent(card.View, k))];
        await store.ReadAsync(rows, default);
        for (int k = 0; k < 100; k++)
        {
            card.ShouldBe(rows[k], (newest * 100) + k, s_time.AddSeconds(7 + k));
        }
    }

    [Fact]
    public async Task WriteAsync_ViewWithThousandsOfFields_IsOneRow()
    {
        FeatureField<int>[] fields = [.. Enumerable.Range(0, 5000).Select(static i => new FeatureField<int>($"f{i}", -1))];
        var view = new FeatureView("wide", "thing", fields);
        RedisFeatureStore store = NewStore(out _);
        FeatureRow row = FeatureRow.Rent(view, 1);
        for (int i = 0; i < fields.Length; i++)
        {
            row.Set(fields[i], i);
        }

        row.CompleteFound(s_time);
        await store.WriteAsync(new[] { row });

        FeatureRow read = await ReadOneAsync(store, view, 1);
        for (int i = 0; i < fields.Length; i++)
        {
            read.Read().Get(fields[i]).Should().Be(i);
        }
    }

    [Fact]
    public async Task WriteAsync_RowsThatCannotBeStored_AreRefusedBeforeAnyIsSent()
    {
        var card = new CardFeatures();
        RedisFeatureStore store = NewStore(out _);
        FeatureRow good = card.Create(1, 1, s_time);
        FeatureRow pending = FeatureRow.Rent(card.View, 2);
        FeatureRow timeless = FeatureRow.Rent(card.View, 3);
        timeless.CompleteFound(null);
        FeatureRow keyless = FeatureRow.Rent(card.View, default);
        keyless.CompleteFound(s_time);

        foreach (FeatureRow bad in new[] { pending, timeless, keyless })
        {
            Func<Task> write = async () => await store.WriteAsync(new[] { good, bad });
            (await write.Should().ThrowAsync<ArgumentException>()).WithMessage("*Row 1 *");
        }

        (await ReadOneAsync(store, card.View, 1)).IsFound.Should().BeFalse();
    }

    [Fact]
    public async Task RemoveAsync_Row_IsGone()
    {
        var card = new CardFeatures();
        RedisFeatureStore store = NewStore(out _);
        await store.WriteAsync(new[] { card.Create(1, 1, s_time), card.Create(2, 2, s_time) });

        (await store.RemoveAsync(card.View, 1)).Should().BeTrue();
        (await store.RemoveAsync(card.View, 1)).Should().BeFalse();
        (await store.RemoveAsync(card.View, default)).Should().BeFalse();

        (await ReadOneAsync(store, card.View, 1)).IsFound.Should().BeFalse();
        (await ReadOneAsync(store, card.View, 2)).IsFound.Should().BeTrue();
    }

    [Fact]
    public async Task WriteAsync_WithExpiry_RedisForgetsTheRow()
    {
        var card = new CardFeatures();
        RedisFeatureStore store = NewStore(out string prefix, o => o.Expiry = TimeSpan.FromHours(1));
        DateTimeOffset now = TimeProvider.System.GetUtcNow();

        await store.WriteAsync(new[] { card.Create(1, 1, s_time), card.Create(2, 2, s_time, now.AddDays(1)), card.Create(3, 3, s_time, now.AddSeconds(-1)) });

        (await redis.Database.KeyTimeToLiveAsync($"{prefix}card_daily:1")).Should().BeCloseTo(TimeSpan.FromHours(1), TimeSpan.FromMinutes(2));
        (await redis.Database.KeyTimeToLiveAsync($"{prefix}card_daily:2")).Should().BeCloseTo(TimeSpan.FromDays(1), TimeSpan.FromMinutes(2));
        (await ReadOneAsync(store, card.View, 3)).Read().DefaultReason.Should().Be(FeatureDefaultReason.Missing);
    }

    [Fact]
    public async Task WriteAsync_AgainWithoutExpiry_RowStays()
    {
        var card = new CardFeatures();
        RedisFeatureStore store = NewStore(out string prefix);
        await store.WriteAsync(new[] { card.Create(1, 1, s_time, TimeProvider.System.GetUtcNow().AddDays(1)) });
        (await redis.Database.KeyTimeToLiveAsync($"{prefix}card_daily:1")).Should().NotBeNull();

        await store.WriteAsync(new[] { card.Create(1, 2, s_time.AddSeconds(1)) });

        (await redis.Database.KeyTimeToLiveAsync($"{prefix}card_daily:1")).Should().BeNull();
    }

    [Fact]
    public void GetService_Store_OffersItsParts()
    {
        IFeatureStore store = NewStore(out _);
        store.GetService(typeof(IFeatureWriter)).Should().BeSameAs(store);
        store.GetService(typeof(IConnectionMultiplexer)).Should().BeSameAs(redis.Multiplexer);
        store.GetService(typeof(IFeatureWriter), "key").Should().BeNull();
        store.GetService(typeof(string)).Should().BeNull();
    }

    private static async Task<FeatureRow> ReadOneAsync(RedisFeatureStore store, FeatureView view, EntityKey key)
    {
        FeatureRow row = FeatureRow.Rent(view, key);
        await store.ReadAsync(new[] { row }, default).AsTask().Watch();
        return row;
    }

    private RedisFeatureStore NewStore(out string prefix, Action<RedisFeatureStoreOptions>? configure = null)
    {
        // The server shares two cores with everything else here: nothing in these tests is about time.
        var options = new RedisFeatureStoreOptions { KeyPrefix = prefix = redis.NewPrefix(), Timeout = TimeSpan.FromSeconds(30) };
        configure?.Invoke(options);
        return new RedisFeatureStore(redis.Multiplexer, options);
    }
}
