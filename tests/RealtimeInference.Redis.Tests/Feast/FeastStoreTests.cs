using System.Text.Json;
using StackExchange.Redis;

namespace RealtimeInference.Redis.Tests;

[Collection(SharedRedis.Name)]
public sealed class FeastStoreTests(RedisFixture redis)
{
    private readonly DriverFeatures _driver = new();

    [Theory]
    [InlineData(2)]
    [InlineData(3)]
    public async Task ReadAsync_HashThatFeastWrites_EveryTypeIsRead(int version)
    {
        DateTimeOffset time = await PutDriverAsync(version);
        FeastRedisStore store = NewStore(version);

        using FeatureRow row = await ReadOneAsync(store, _driver.Stats, 1001);

        row.IsFound.Should().BeTrue();
        row.Timestamp.Should().Be(time);
        FeatureValues values = row.Read();
        values.Get(_driver.ConvRate).Should().Be(0.75f);
        values.Get(_driver.AccRate).Should().Be(0.875);
        values.Get(_driver.Trips).Should().Be(321);
        values.Get(_driver.Grade).Should().Be(-4);
        values.Get(_driver.IsActive).Should().BeTrue();
        values.Get(_driver.City).Should().Be("Zürich");
        values.Get(_driver.Hired).Should().Be(DateTimeOffset.FromUnixTimeSeconds(1758823656));
        values.Get(_driver.Embedding).ToArray().Should().Equal(0.25f, -1f, 3.5f);
        values.GetDefaultReason(_driver.Rating).Should().Be(FeatureDefaultReason.Missing, "Feast stores a null as an empty value");
    }

    [Fact]
    public async Task ReadAsync_TwoViewsOfOneEntity_OneRoundTrip()
    {
        DateTimeOffset time = await PutDriverAsync(3);
        using var proxy = new FaultProxy(redis.Port);
        await using ConnectionMultiplexer multiplexer = await ConnectionMultiplexer.ConnectAsync($"127.0.0.1:{proxy.Port},asyncTimeout=60000");
        FeastRedisStore store = NewStore(3, multiplexer);
        FeatureRow[] rows = [FeatureRow.Rent(_driver.Stats, 1001), FeatureRow.Rent(_driver.Profile, "1001"), FeatureRow.Rent(_driver.Stats, 1002)];
        proxy.CountAndHold("HMGET", 3);

        await store.ReadAsync(rows, default).AsTask().Watch();

        proxy.Turns.Should().Be(1);
        rows[0].Read().Get(_driver.Trips).Should().Be(321);
        rows[1].Read().Get(_driver.Age).Should().Be(44);
        rows[1].Timestamp.Should().Be(time.AddDays(-2), "each view has a time of its own");
        rows[2].Read().DefaultReason.Should().Be(FeatureDefaultReason.Missing);
    }

    [Fact]
    public async Task ReadAsync_FieldsOfOtherTypes_AreSaidToBe()
    {
        await PutDriverAsync(3);
        var integerAsText = new FeatureField<string>("avg_daily_trips", "?");
        var textAsNumber = new FeatureField<float>("city", -1);
        var doubleAsInteger = new FeatureField<long>("acc_rate", -1);
        var longerVector = new FeatureVectorField("embedding", 4);
        var doubleAsFloat = new FeatureField<float>("acc_rate", -1);
        var view = new FeatureView("driver_hourly_stats", "driver", [integerAsText, textAsNumber, doubleAsInteger, longerVector]);
        var narrow = new FeatureView("driver_hourly_stats", "driver", [doubleAsFloat]);
        FeastRedisStore store = NewStore(3);

        using FeatureRow row = await ReadOneAsync(store, view, 1001);
        using FeatureRow other = await ReadOneAsync(store, narrow, 1001);

        foreach (FeatureField field in view.Fields)
        {
            row.Read().GetDefaultReason(field).Should().Be(FeatureDefaultReason.WrongType, field.Name);
        }

        row.Read().Get(textAsNumber).Should().Be(-1);
        other.Read().Get(doubleAsFloat).Should().Be(0.875f, "models take floats, and Feast's Float64 is common");
    }

    [Fact]
    public async Task ReadAsync_BytesThatAreNoValue_AreOfTheWrongType()
    {
        await PutDriverAsync(3);
        var view = new FeatureView("broken", "driver", [new FeatureField<float>("a", -1), new FeatureField<float>("b", -1)]);
        await redis.Database.HashSetAsync(
            FeastFixture.Root.GetProperty("driver").GetProperty("keys").Bytes("3"),
            [new(FeastFieldNames.OfFeature("broken", "a"), new byte[] { 0xFF, 0xFF }), new(FeastFieldNames.OfFeature("broken", "b"), new byte[200])]);

        using FeatureRow row = await ReadOneAsync(NewStore(3), view, 1001);

        row.Read().GetDefaultReason(view.Fields[0]).Should().Be(FeatureDefaultReason.WrongType);
        row.Read().GetDefaultReason(view.Fields[1]).Should().Be(FeatureDefaultReason.WrongType);
        row.Timestamp.Should().BeNull("Feast has no time for that view");
    }

    [Fact]
    public async Task ReadAsync_KeysThatCannotBe_FailAloneAndSayWhy()
    {
        await PutDriverAsync(3);
        FeastRedisStore store = NewStore(3);
        var stranger = new FeatureView("shop_stats", "shop", [new FeatureField<float>("a", -1)]);
        FeatureRow[] rows = [FeatureRow.Rent(_driver.Stats, "x-1"), FeatureRow.Rent(_driver.Stats, 1001), FeatureRow.Rent(stranger, 1)];

        await store.ReadAsync(rows, default);

        rows[0].Error!.Message.Should().Contain("driver_id").And.Contain("x-1");
        rows[1].IsFound.Should().BeTrue();
        rows[2].Error!.Message.Should().Contain("shop").And.Contain("AddEntity");
    }

    [Fact]
    public async Task ReadAsync_ViewWithAnotherNameInFeast_IsFound()
    {
        await PutDriverAsync(3);
        var age = new FeatureField<long>("age", -1);
        var view = new FeatureView("profile", "driver", [age]);
        FeastRedisStore store = NewStore(3, configure: o => o.ViewNames["profile"] = "driver_profile");

        using FeatureRow row = await ReadOneAsync(store, view, 1001);

        row.Read().Get(age).Should().Be(44);
    }

    [Fact]
    public void Constructor_FaultyOptions_NamesThemAll()
    {
        var options = new FeastRedisStoreOptions { EntityKeyVersion = 1, Timeout = TimeSpan.Zero };
        options.AddEntity("a").AddEntity("b", new FeastJoinKey("x", FeastKeyType.Int64), new FeastJoinKey("x", FeastKeyType.Int64));

        Action create = () => _ = new FeastRedisStore(redis.Multiplexer, options);

        create.Should().Throw<ArgumentException>().WithMessage("*Timeout*Project*EntityKeyVersion*'a'*'b'*");
    }

    private static async Task<FeatureRow> ReadOneAsync(FeastRedisStore store, FeatureView view, EntityKey key)
    {
        FeatureRow row = FeatureRow.Rent(view, key);
        await store.ReadAsync(new[] { row }, default).AsTask().Watch();
        return row;
    }

    private async Task<DateTimeOffset> PutDriverAsync(int version)
    {
        JsonElement driver = FeastFixture.Root.GetProperty("driver");
        HashEntry[] fields = [.. driver.GetProperty("fields").EnumerateObject()
            .Select(static f => new HashEntry(Convert.FromHexString(f.Name), Convert.FromHexString(f.Value.GetString()!)))];
        await redis.Database.HashSetAsync(driver.GetProperty("keys").Bytes($"{version}"), fields);
        return new DateTimeOffset(driver.GetProperty("ticks").GetInt64(), TimeSpan.Zero);
    }

    private FeastRedisStore NewStore(int version, ConnectionMultiplexer? multiplexer = null, Action<FeastRedisStoreOptions>? configure = null)
    {
        FeastRedisStoreOptions options = new FeastRedisStoreOptions
        {
            Project = "driver_ranking",
            EntityKeyVersion = version,
            Timeout = TimeSpan.FromMinutes(1),
        }.AddEntity("driver", new FeastJoinKey("driver_id", FeastKeyType.Int64));
        configure?.Invoke(options);
        return new FeastRedisStore(multiplexer ?? redis.Multiplexer, options);
    }

    private sealed class DriverFeatures
    {
        public DriverFeatures()
        {
            Stats = new FeatureView("driver_hourly_stats", "driver", [ConvRate, AccRate, Trips, Grade, IsActive, City, Hired, Embedding, Rating]);
            Profile = new FeatureView("driver_profile", "driver", [Age]);
        }

        public FeatureField<float> ConvRate { get; } = new("conv_rate", -1);

        public FeatureField<double> AccRate { get; } = new("acc_rate", -1);

        public FeatureField<long> Trips { get; } = new("avg_daily_trips", -1);

        public FeatureField<int> Grade { get; } = new("grade", -1);

        public FeatureField<bool> IsActive { get; } = new("is_active", false);

        public FeatureField<string> City { get; } = new("city", "?");

        public FeatureField<DateTimeOffset> Hired { get; } = new("hired", DateTimeOffset.UnixEpoch);

        public FeatureVectorField Embedding { get; } = new("embedding", 3);

        public FeatureField<float> Rating { get; } = new("rating", -1);

        public FeatureField<long> Age { get; } = new("age", -1);

        public FeatureView Stats { get; }

        public FeatureView Profile { get; }
    }
}
