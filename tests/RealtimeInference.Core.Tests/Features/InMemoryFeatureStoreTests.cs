using Microsoft.Extensions.Time.Testing;

namespace RealtimeInference.Core.Tests.Features;

public sealed class InMemoryFeatureStoreTests
{
    private static readonly DateTimeOffset s_start = new(2030, 5, 6, 7, 8, 9, TimeSpan.Zero);

    private readonly CardFeatures _card = new();
    private readonly FakeTimeProvider _clock = new(s_start);
    private readonly InMemoryFeatureStore _store;

    public InMemoryFeatureStoreTests() => _store = new InMemoryFeatureStore(new InMemoryFeatureStoreOptions { TimeProvider = _clock });

    [Fact]
    public async Task ReadAsync_ManyKeysAndViews_CompletesEachAtOnce()
    {
        var other = new CardFeatures(name: "card_90d");
        await Write("1", 1);
        await _store.WriteAsync(other.View, "1", r => other.Fill(r, 2), s_start);
        FeatureRow[] rows = [Rent("1"), Rent("2"), FeatureRow.Rent(other.View, 1), Rent("1")];

        _store.ReadAsync(rows, default).AsTask().IsCompletedSuccessfully.Should().BeTrue();

        _card.Check(rows[0].Read(), 1);
        rows[1].Read().DefaultReason.Should().Be(FeatureDefaultReason.Missing);
        other.Check(rows[2].Read(), 2);
        _card.Check(rows[3].Read(), 1);
        rows[0].Timestamp.Should().Be(s_start);
        _store.Count.Should().Be(2);
    }

    [Fact]
    public async Task WriteAsync_Older_IsLeftOut()
    {
        (await Write("1", 1, s_start)).Should().BeTrue();
        (await Write("1", 2, s_start.AddTicks(-1))).Should().BeFalse();
        Check("1", 1);
        (await Write("1", 3, s_start)).Should().BeTrue("of the same age, the later write counts");
        (await Write("1", 4, s_start.AddTicks(1))).Should().BeTrue();
        Check("1", 4);
    }

    [Fact]
    public async Task WriteAsync_WholeRow_ForgetsFieldsThatAreNotSet()
    {
        await Write("1", 1);
        await _store.WriteAsync(_card.View, "1", r => r.Set(_card.Count, 9), s_start);

        using FeatureRow row = Read("1");
        row.Read().Get(_card.Count).Should().Be(9);
        row.Read().GetDefaultReason(_card.Country).Should().Be(FeatureDefaultReason.Missing);
    }

    [Fact]
    public async Task WriteAsync_RowsThatCannotBeStored_AreRefused()
    {
        using FeatureRow pending = Rent("1");
        using FeatureRow noTime = Rent("1");
        noTime.CompleteFound(null);
        using FeatureRow noKey = Rent("");
        noKey.CompleteFound(s_start);

        foreach (FeatureRow row in new[] { pending, noTime, noKey })
        {
            await _store.Awaiting(s => s.WriteAsync(new[] { row }).AsTask()).Should().ThrowAsync<ArgumentException>().WithMessage("*timestamp*key*");
        }

        _store.Count.Should().Be(0);
    }

    [Fact]
    public async Task ReadAsync_ViewMadeTwice_SaysSoInsteadOfMissing()
    {
        await Write("1", 1);
        var twin = new CardFeatures();
        using FeatureRow row = FeatureRow.Rent(twin.View, "1");

        await _store.ReadAsync(new[] { row }, default);

        row.Error.Should().BeOfType<FeatureMismatchException>().Which.Message.Should().Contain("two objects");
        await _store.Awaiting(s => s.WriteAsync(twin.View, "1", _ => { }, s_start).AsTask()).Should().ThrowAsync<FeatureMismatchException>();
    }

    [Fact]
    public async Task Expiry_TimeComes_RowIsMissingAndCanBeRemoved()
    {
        await Write("1", 1, s_start, s_start.AddSeconds(10));
        await Write("2", 2);
        _clock.Advance(TimeSpan.FromSeconds(10) - TimeSpan.FromTicks(1));
        Check("1", 1);
        _clock.Advance(TimeSpan.FromTicks(1));

        Read("1").DefaultReason.Should().Be(FeatureDefaultReason.Missing);
        Check("2", 2);
        _store.Count.Should().Be(2);
        _store.RemoveExpired().Should().Be(1);
        _store.RemoveExpired().Should().Be(0);
        _store.Count.Should().Be(1);
    }

    [Fact]
    public async Task Expiry_NewRowsComeIn_OldOnesGoByThemselves()
    {
        for (int i = 0; i < 20_000; i++)
        {
            // Each lives for 100 steps of the clock.
            await Write(i, i, s_start, _clock.GetUtcNow().AddSeconds(100));
            _clock.Advance(TimeSpan.FromSeconds(1));
        }

        _store.Count.Should().BeLessThan(400);
    }

    [Fact]
    public async Task Remove_RowThatIsThere_IsGone()
    {
        await Write("1", 1);

        (await _store.RemoveAsync(_card.View, "1")).Should().BeTrue();
        (await _store.RemoveAsync(_card.View, "1")).Should().BeFalse();
        Read("1").DefaultReason.Should().Be(FeatureDefaultReason.Missing);
        (await Write("1", 2, s_start.AddDays(-1))).Should().BeTrue("there is nothing newer any more");
    }

    [Fact]
    public async Task MaxRows_Full_WhatIsReadStays()
    {
        var store = new InMemoryFeatureStore(new InMemoryFeatureStoreOptions { MaxRows = 100 });
        for (int i = 0; i < 5_000; i++)
        {
            await store.WriteAsync(_card.View, i, r => _card.Fill(r, i), s_start);
            using FeatureRow hot = FeatureRow.Rent(_card.View, 3);
            await store.ReadAsync(new[] { hot }, default);
            (i < 3 || hot.IsFound).Should().BeTrue("row 3 is read all the time, after row {0} came in", i);
            store.Count.Should().BeLessThanOrEqualTo(100);
        }

        store.Count.Should().Be(100);
    }

    [Fact]
    public void Options_Faults_AreNamedTogether()
    {
        ((Action)(static () => _ = new InMemoryFeatureStore(new InMemoryFeatureStoreOptions { MaxRows = 0, TimeProvider = null! })))
            .Should().Throw<ArgumentException>().WithMessage("*MaxRows is 0*").WithMessage("*TimeProvider is null*");
    }

    [Theory]
    [InlineData(null)]
    [InlineData(8)]
    public async Task Concurrent_WritersRemoversAndReaders_NobodySeesHalfARow(int? maxRows)
    {
        var store = new InMemoryFeatureStore(new InMemoryFeatureStoreOptions { MaxRows = maxRows, TimeProvider = _clock });
        const int Keys = 16;
        using var stop = new CancellationTokenSource();
        using var reading = new CountdownEvent(2);
        Task[] writers = [.. Enumerable.Range(0, 2).Select(seed => Alone(async () =>
        {
            reading.Wait();
            var random = new Random(seed);
            using FeatureRow row = FeatureRow.Rent(_card.View, 0);
            for (int i = 0; i < 30_000; i++)
            {
                row.Reset(random.Next(Keys));
                _card.Fill(row, random.Next(1000));
                row.CompleteFound(s_start);
                (await store.WriteAsync(new[] { row })).Should().Be(1);
                if (i % 7 == 0)
                {
                    store.Remove(_card.View, random.Next(Keys));
                }
            }
        }))];
        Task<int>[] readers = [.. Enumerable.Range(0, 2).Select(seed => Alone(async () =>
        {
            int found = 0;
            var random = new Random(100 + seed);
            FeatureRow[] rows = [Rent("0"), Rent("0")];
            reading.Signal();
            while (!stop.IsCancellationRequested)
            {
                foreach (FeatureRow row in rows)
                {
                    row.Reset(random.Next(Keys));
                }

                await store.ReadAsync(rows, default);
                foreach (FeatureRow row in rows)
                {
                    if (row.IsFound)
                    {
                        found++;
                        _card.Check(row.Read(), row.Read().Get(_card.Count));
                    }
                }
            }

            return found;
        }))];

        await Task.WhenAll(writers);
        await stop.CancelAsync();

        (await Task.WhenAll(readers)).Should().OnlyContain(static n => n > 0);
        store.Count.Should().BeLessThanOrEqualTo(maxRows ?? Keys);
    }

    [Fact]
    public async Task Concurrent_WritersOfOneRow_TheNewestWinsWhateverTheOrder()
    {
        for (int round = 0; round < 20; round++)
        {
            var store = new InMemoryFeatureStore();
            int[] order = [.. Enumerable.Range(0, 1000)];
            new Random(round).Shuffle(order);
            await Task.WhenAll(order.Chunk(250).Select(chunk => Task.Run(async () =>
            {
                foreach (int n in chunk)
                {
                    await store.WriteAsync(_card.View, "1", r => _card.Fill(r, n), s_start.AddSeconds(n));
                }
            })));

            using FeatureRow row = Rent("1");
            await store.ReadAsync(new[] { row }, default);
            _card.Check(row.Read(), 999);
        }
    }

    // On threads of their own: those of the pool may be few and busy, and then writers are done before readers begin.
    private static Task Alone(Func<Task> action) => Task.Factory.StartNew(action, default, TaskCreationOptions.LongRunning, TaskScheduler.Default).Unwrap();

    private static Task<T> Alone<T>(Func<Task<T>> action) =>
        Task.Factory.StartNew(action, default, TaskCreationOptions.LongRunning, TaskScheduler.Default).Unwrap();

    private FeatureRow Rent(EntityKey key) => FeatureRow.Rent(_card.View, key);

    private ValueTask<bool> Write(EntityKey key, int n, DateTimeOffset? timestamp = null, DateTimeOffset? expiresAt = null) =>
        _store.WriteAsync(_card.View, key, r => _card.Fill(r, n), timestamp ?? s_start, expiresAt);

    private FeatureRow Read(EntityKey key)
    {
        FeatureRow row = Rent(key);
        _store.ReadAsync(new[] { row }, default).AsTask().IsCompletedSuccessfully.Should().BeTrue();
        return row;
    }

    private void Check(EntityKey key, int n)
    {
        using FeatureRow row = Read(key);
        _card.Check(row.Read(), n);
    }
}
