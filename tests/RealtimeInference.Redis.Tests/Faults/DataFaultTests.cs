using Microsoft.Extensions.Time.Testing;
using StackExchange.Redis;

namespace RealtimeInference.Redis.Tests;

// The server is well; what lies in it is not. Each fault has the default of its field or row, and the context says so.
[Collection(SharedRedis.Name)]
public sealed class DataFaultTests(RedisFixture redis)
{
    private static readonly DateTimeOffset s_time = DateTimeOffset.FromUnixTimeSeconds(TimeProvider.System.GetUtcNow().ToUnixTimeSeconds() - 60);

    [Theory]
    [InlineData("amount", "twelve")]
    [InlineData("amount", "")]
    [InlineData("count", "1.5")]
    [InlineData("count", "99999999999")]
    [InlineData("is_new", "perhaps")]
    [InlineData("last_seen", "yesterday")]
    [InlineData("embedding", "0.1,0.2,0.3")]
    public async Task Predict_WrongTypeInAField_ThatFieldHasItsDefault(string field, string value)
    {
        var card = new CardFeatures();
        RedisFeatureStore store = NewStore(out string prefix);
        await store.WriteAsync(new[] { card.Create(1, 2, s_time) });
        await redis.Database.HashSetAsync($"{prefix}card_daily:1", field, value);

        (FraudPipeline.Scored scored, List<FeatureUse> uses) = await PredictAsync(store, card);

        scored.Reason.Should().Be(FeatureDefaultReason.None, "the row is there");
        scored.Country.Should().Be("Zürich 2");
        uses.Should().ContainSingle(static u => u.Field != null).Which.Should().Match<FeatureUse>(u => u.Field!.Name == field && u.Reason == FeatureDefaultReason.WrongType);
    }

    [Fact]
    public async Task Predict_MissingField_ThatFieldHasItsDefault()
    {
        var card = new CardFeatures();
        RedisFeatureStore store = NewStore(out string prefix);
        await store.WriteAsync(new[] { card.Create(1, 2, s_time) });
        await redis.Database.HashDeleteAsync($"{prefix}card_daily:1", "amount");

        (FraudPipeline.Scored scored, List<FeatureUse> uses) = await PredictAsync(store, card);

        scored.Amount.Should().Be(-1f);
        scored.Country.Should().Be("Zürich 2");
        uses.Should().ContainSingle(static u => u.Field != null).Which.Reason.Should().Be(FeatureDefaultReason.Missing);
    }

    [Fact]
    public async Task Predict_KeyOfAnotherType_RowHasDefaults_OthersAreFine()
    {
        var card = new CardFeatures();
        RedisFeatureStore store = NewStore(out string prefix);
        await store.WriteAsync(new[] { card.Create(2, 2, s_time) });
        await redis.Database.StringSetAsync($"{prefix}card_daily:1", "no hash");

        (FraudPipeline.Scored scored, List<FeatureUse> uses) = await PredictAsync(store, card);
        FeatureRow[] rows = [FeatureRow.Rent(card.View, 1), FeatureRow.Rent(card.View, 2)];
        await store.ReadAsync(rows, default);

        scored.Reason.Should().Be(FeatureDefaultReason.Failed);
        uses[0].Error!.Message.Should().StartWith("WRONGTYPE");
        rows[0].Error.Should().NotBeNull();
        card.ShouldBe(rows[1], 2, s_time);
    }

    [Fact]
    public async Task ReadAsync_KeyOfAnotherTypeManyTimes_CircuitStaysClosed()
    {
        var card = new CardFeatures();
        RedisFeatureStore store = NewStore(out string prefix);
        await redis.Database.StringSetAsync($"{prefix}card_daily:1", "no hash");

        for (int i = 0; i < 200; i++)
        {
            using FeatureRow row = FeatureRow.Rent(card.View, 1);
            await store.ReadAsync(new[] { row }, default);
            row.Error.Should().BeOfType<RedisServerException>();
        }

        store.CircuitState.Should().Be(Polly.CircuitBreaker.CircuitState.Closed, "one key is at fault, not the server");
    }

    [Fact]
    public async Task Predict_RowOlderThanItsViewAllows_HasExpired()
    {
        var card = new CardFeatures(TimeSpan.FromHours(1));
        RedisFeatureStore store = NewStore(out _);
        await store.WriteAsync(new[] { card.Create(1, 2, s_time.AddHours(-2)) });

        (FraudPipeline.Scored scored, List<FeatureUse> uses) = await PredictAsync(store, card);

        scored.Reason.Should().Be(FeatureDefaultReason.Expired);
        uses[0].Reason.Should().Be(FeatureDefaultReason.Expired);
        uses[0].Age.Should().BeGreaterThan(TimeSpan.FromHours(2));
    }

    [Fact]
    public async Task Predict_RowThatRedisHasForgotten_IsMissing()
    {
        var card = new CardFeatures();
        RedisFeatureStore store = NewStore(out string prefix);
        await store.WriteAsync(new[] { card.Create(1, 2, s_time, TimeProvider.System.GetUtcNow().AddMilliseconds(200)) });
        await Watchdog.Until(() => !redis.Database.KeyExists($"{prefix}card_daily:1"), "the row expires");

        (FraudPipeline.Scored scored, _) = await PredictAsync(store, card);

        scored.Reason.Should().Be(FeatureDefaultReason.Missing);
    }

    [Fact]
    public async Task Predict_RowWithoutItsTime_IsOfUnknownAge()
    {
        var limited = new CardFeatures(TimeSpan.FromHours(1));
        var any = new CardFeatures();
        RedisFeatureStore store = NewStore(out string prefix);
        await redis.Database.HashSetAsync($"{prefix}card_daily:1", [new("amount", 5), new("country", "CH"), new("_ts", "yesterday")]);

        (await PredictAsync(store, any)).Scored.Amount.Should().Be(5);
        (await PredictAsync(store, limited)).Scored.Reason.Should().Be(FeatureDefaultReason.Expired);
    }

    [Fact]
    public async Task Predict_ValueOf10Megabytes_ThatFieldHasItsDefault_MemoryIsFlat()
    {
        var card = new CardFeatures();
        RedisFeatureStore store = NewStore(out string prefix);
        await store.WriteAsync(new[] { card.Create(1, 2, s_time) });
        await redis.Database.HashSetAsync($"{prefix}card_daily:1", "country", new byte[10 * 1024 * 1024]);

        (FraudPipeline.Scored scored, List<FeatureUse> uses) = await PredictAsync(store, card);
        scored.Amount.Should().Be(2.1f);
        scored.Country.Should().Be("??");
        uses.Should().ContainSingle(static u => u.Field != null).Which.Should().Match<FeatureUse>(u => u.Field!.Name == "country" && u.Reason == FeatureDefaultReason.WrongType);

        // The client, and a server in this process, keep buffers of that size, a few more now and then. What is kept for each
        // value would grow in every round.
        var growth = new List<long>();
        for (int round = 0; round < 5; round++)
        {
            long before = GC.GetTotalMemory(forceFullCollection: true);
            await PredictManyAsync(20);
            growth.Add(GC.GetTotalMemory(forceFullCollection: true) - before);
        }

        growth.Min().Should().BeLessThan(5 * 1024 * 1024, "200 MB went through in each round");

        async Task PredictManyAsync(int count)
        {
            for (int i = 0; i < count; i++)
            {
                await PredictAsync(store, card);
            }
        }
    }

    [Fact]
    public async Task WriteAsync_ValueThatIsTooLarge_IsRefused()
    {
        var card = new CardFeatures();
        RedisFeatureStore store = NewStore(out _, static o => o.MaxValueBytes = 100);
        FeatureRow row = FeatureRow.Rent(card.View, 1);
        row.Set(card.Country, new string('x', 101));
        row.CompleteFound(s_time);

        Func<Task> write = async () => await store.WriteAsync(new[] { row });

        (await write.Should().ThrowAsync<ArgumentException>()).WithMessage("*country*101*MaxValueBytes*100*");
    }

    [Fact]
    public async Task ReadAsync_FieldWithTheNameOfTheTime_IsRefused()
    {
        var view = new FeatureView("v", "thing", [new FeatureField<long>("_ts", 0)]);
        RedisFeatureStore store = NewStore(out _);

        Func<Task> read = async () => await store.ReadAsync(new[] { FeatureRow.Rent(view, 1) }, default);

        (await read.Should().ThrowAsync<ArgumentException>()).WithMessage("*_ts*");
    }

    [Fact]
    public void Constructor_FaultyOptions_NamesThemAll()
    {
        var options = new RedisFeatureStoreOptions
        {
            Timeout = TimeSpan.FromMilliseconds(1),
            FailureRatio = 2,
            MinimumThroughput = 1,
            SamplingDuration = TimeSpan.Zero,
            BreakDuration = TimeSpan.FromDays(2),
            MaxValueBytes = 0,
            Database = -2,
            KeyPrefix = null!,
            Expiry = TimeSpan.Zero,
            WriteTimeout = TimeSpan.Zero,
            TimeProvider = null!,
        };

        Action create = () => _ = new RedisFeatureStore(redis.Multiplexer, options);

        string message = create.Should().Throw<ArgumentException>().Which.Message;
        foreach (string name in new[]
        {
            "Timeout", "FailureRatio", "MinimumThroughput", "SamplingDuration", "BreakDuration", "MaxValueBytes", "Database", "KeyPrefix",
            "Expiry", "WriteTimeout", "TimeProvider",
        })
        {
            message.Should().Contain($"{name} is ");
        }
    }

    [Fact]
    public async Task Constructor_OptionsChangedAfterwards_HasNoEffect()
    {
        var card = new CardFeatures();
        var options = new RedisFeatureStoreOptions { KeyPrefix = redis.NewPrefix(), Timeout = TimeSpan.FromMinutes(1), TimeProvider = new FakeTimeProvider() };
        var store = new RedisFeatureStore(redis.Multiplexer, options);
        string prefix = options.KeyPrefix;
        options.KeyPrefix = "elsewhere:";

        await store.WriteAsync(new[] { card.Create(1, 2, s_time) });

        (await redis.Database.KeyExistsAsync($"{prefix}card_daily:1")).Should().BeTrue();
    }

    private static async Task<(FraudPipeline.Scored Scored, List<FeatureUse> Uses)> PredictAsync(IFeatureStore store, CardFeatures card)
    {
        using var pipeline = new FraudPipeline(store, card, Timeout.InfiniteTimeSpan);
        using PredictionContext context = PredictionContext.Rent();
        FraudPipeline.Scored scored = await pipeline.Predictor.PredictAsync(1, context, default).AsTask().Watch();
        scored.Score.Should().BeInRange(0, 1);
        return (scored, [.. context.Features]);
    }

    private RedisFeatureStore NewStore(out string prefix, Action<RedisFeatureStoreOptions>? configure = null)
    {
        var options = new RedisFeatureStoreOptions { KeyPrefix = prefix = redis.NewPrefix(), Timeout = TimeSpan.FromMinutes(1) };
        configure?.Invoke(options);
        return new RedisFeatureStore(redis.Multiplexer, options);
    }
}
