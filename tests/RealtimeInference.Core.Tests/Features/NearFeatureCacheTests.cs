using Microsoft.Extensions.Time.Testing;

namespace RealtimeInference.Core.Tests.Features;

public sealed class NearFeatureCacheTests
{
    private static readonly DateTimeOffset s_now = new(2030, 5, 6, 7, 8, 9, TimeSpan.Zero);

    private readonly FakeTimeProvider _clock = new(s_now);
    private readonly CardFeatures _card = new();
    private readonly TaskCompletionSource _gate = new();
    private int _version = 1;

    [Fact]
    public async Task ReadAsync_WithinTheTimeToLive_AsksTheStoreOnce()
    {
        FakeStore store = Versions();
        NearFeatureCache cache = Cache(store);
        (await Read(cache, "1")).Should().Be("1");
        _version = 2;
        _clock.Advance(TimeSpan.FromSeconds(10) - TimeSpan.FromTicks(1));

        Task<string> hit = Read(cache, "1");

        hit.IsCompleted.Should().BeTrue();
        (await hit).Should().Be("1");
        store.Reads.Should().Be(1);
        (await Read(cache, "2")).Should().Be("2", "another key is another row");
        store.Asked.Should().Equal("card_30d[1]", "card_30d[2]");
    }

    [Fact]
    public async Task ReadAsync_StaleButUsable_IsServedWhileItIsFetchedOnce()
    {
        var gate = new TaskCompletionSource();
        Task wait = Task.CompletedTask;
        FakeStore store = FakeStore.Waiting(() => wait, row => Fill(row, _version));
        NearFeatureCache cache = Cache(store);
        (await Read(cache, "1")).Should().Be("1");
        _version = 2;
        wait = gate.Task;
        _clock.Advance(TimeSpan.FromSeconds(10));

        for (int i = 0; i < 5; i++)
        {
            Task<string> stale = Read(cache, "1");
            stale.IsCompleted.Should().BeTrue("nobody waits");
            (await stale).Should().Be("1");
        }

        store.Reads.Should().Be(2);
        await Task.Run(gate.SetResult);
        (await Read(cache, "1")).Should().Be("2");
        store.Reads.Should().Be(2);
    }

    [Fact]
    public async Task ReadAsync_TooOldToUse_IsWaitedFor()
    {
        FakeStore store = Versions();
        NearFeatureCache cache = Cache(store);
        await Read(cache, "1");
        _version = 2;
        _clock.Advance(TimeSpan.FromSeconds(20));

        (await Read(cache, "1")).Should().Be("2");
    }

    [Fact]
    public async Task ReadAsync_RefreshFails_TheOldRowStaysAndTheStoreIsLeftAlone()
    {
        bool fails = false;
        FakeStore store = FakeStore.Answering(row =>
        {
            if (fails)
            {
                row.CompleteFailed(new IOException("no disk"));
            }
            else
            {
                Fill(row, _version);
            }
        });
        NearFeatureCache cache = Cache(store);
        await Read(cache, "1");
        fails = true;
        _clock.Advance(TimeSpan.FromSeconds(10));

        for (int i = 0; i < 5; i++)
        {
            (await Read(cache, "1")).Should().Be("1");
        }

        store.Reads.Should().Be(2);
        _clock.Advance(TimeSpan.FromSeconds(1));
        (await Read(cache, "1")).Should().Be("1");
        store.Reads.Should().Be(3, "a tenth of the time to live later it is tried again");
        _clock.Advance(TimeSpan.FromSeconds(9));
        (await Read(cache, "1")).Should().Be("Failed", "its time is up");
    }

    [Fact]
    public async Task ReadAsync_MissingRow_IsRememberedForItsOwnTime()
    {
        bool isThere = false;
        FakeStore store = FakeStore.Answering(row =>
        {
            if (isThere)
            {
                Fill(row, 5);
            }
            else
            {
                row.CompleteMissing();
            }
        });
        NearFeatureCache cache = Cache(store);
        (await Read(cache, "1")).Should().Be("Missing");
        isThere = true;
        _clock.Advance(TimeSpan.FromSeconds(2) - TimeSpan.FromTicks(1));
        (await Read(cache, "1")).Should().Be("Missing");
        store.Reads.Should().Be(1);
        _clock.Advance(TimeSpan.FromTicks(1));
        (await Read(cache, "1")).Should().Be("5");
    }

    [Fact]
    public async Task ReadAsync_NoNegativeEntries_AsksEachTime()
    {
        FakeStore store = FakeStore.Answering(static row => row.CompleteMissing());
        NearFeatureCache cache = Cache(store, static o => o.NegativeTimeToLive = TimeSpan.Zero);

        for (int i = 0; i < 3; i++)
        {
            (await Read(cache, "1")).Should().Be("Missing");
        }

        store.Reads.Should().Be(3);
        cache.Count.Should().Be(0);
    }

    [Fact]
    public async Task ReadAsync_SixtyFourAskersOfOneKey_AreOneFetch()
    {
        FakeStore store = FakeStore.Gated(_gate.Task, row => Fill(row, 7));
        NearFeatureCache cache = Cache(store);
        Task<string>[] askers = [.. Enumerable.Range(0, 64).Select(_ => Task.Run(() => Read(cache, "1")))];
        SpinWait.SpinUntil(() => store.Reads > 0, TimeSpan.FromSeconds(30));
        Task<string> after = Read(cache, "1");

        await Task.Run(_gate.SetResult);

        (await Task.WhenAll(askers)).Should().OnlyContain(static a => a == "7");
        (await after).Should().Be("7");
        store.Reads.Should().Be(1);
    }

    [Fact]
    public async Task ReadAsync_AskersComeAndGoForever_FetchesOverlapNever()
    {
        // Expires at once in real time, so that fetches follow each other closely; none may begin before the one before has ended.
        int open = 0;
        int overlaps = 0;
        var store = new FakeStore(async (rows, _) =>
        {
            overlaps += Interlocked.Increment(ref open) > 1 ? 1 : 0;
            await Task.Yield();
            Interlocked.Decrement(ref open);
            Fill(rows.Span[0], 7);
        });
        var cache = new NearFeatureCache(store, new NearFeatureCacheOptions { TimeToLive = TimeSpan.FromTicks(1), StaleWhileRevalidate = TimeSpan.Zero });

        await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(async () =>
        {
            for (int i = 0; i < 500; i++)
            {
                (await Read(cache, "1")).Should().Be("7");
            }
        })));

        overlaps.Should().Be(0);
        store.Reads.Should().BeGreaterThan(10);
    }

    [Fact]
    public async Task ReadAsync_FetchFails_FailsItsWaitersOnceAndIsNotKept()
    {
        var error = new IOException("no disk");
        bool fails = true;
        FakeStore store = FakeStore.Gated(_gate.Task, row =>
        {
            if (fails)
            {
                throw error;
            }

            Fill(row, 7);
        });
        NearFeatureCache cache = Cache(store);
        FeatureRow[] rows = [.. Enumerable.Range(0, 64).Select(_ => FeatureRow.Rent(_card.View, "1"))];
        Task[] askers = [.. rows.Select(row => cache.ReadAsync(new[] { row }, default).AsTask())];

        await Task.Run(_gate.SetResult);
        await Task.WhenAll(askers);

        rows.Should().OnlyContain(row => row.Error == error);
        store.Reads.Should().Be(1);
        cache.Count.Should().Be(0);
        fails = false;
        (await Read(cache, "1")).Should().Be("7");
    }

    [Fact]
    public async Task ReadAsync_HitsAndMisses_OnlyMissesAreFetchedTogether()
    {
        FakeStore store = Versions();
        NearFeatureCache cache = Cache(store);
        await Read(cache, "2");
        FeatureRow[] rows = [.. new EntityKey[] { 1, 2, 3, 1 }.Select(key => FeatureRow.Rent(_card.View, key))];

        await cache.ReadAsync(rows, default);

        store.Asked.Should().Equal("card_30d[2]", "card_30d[1] card_30d[3]");
        rows.Should().OnlyContain(static row => row.IsFound);
    }

    [Fact]
    public async Task ReadAsync_AskerGivesUp_TheFetchGoesOnForTheOthers()
    {
        FakeStore store = FakeStore.Gated(_gate.Task, row => Fill(row, 7));
        NearFeatureCache cache = Cache(store);
        using var source = new CancellationTokenSource();
        using FeatureRow given = FeatureRow.Rent(_card.View, "1");
        Task first = cache.ReadAsync(new[] { given }, source.Token).AsTask();
        Task<string> second = Read(cache, "1");

        await source.CancelAsync();
        await first;
        given.IsComplete.Should().BeFalse();
        await Task.Run(_gate.SetResult);

        (await second).Should().Be("7");
        given.IsComplete.Should().BeFalse("nobody touches the row after its read has ended");
        (await Read(cache, "1")).Should().Be("7");
        store.Reads.Should().Be(1);
        store.Tokens.Single().IsCancellationRequested.Should().BeFalse();
    }

    [Fact]
    public async Task ReadAsync_StoreNeverAnswers_FailsAfterTheTimeoutWithinTheBound()
    {
        FakeStore store = FakeStore.Gated(_gate.Task, row => Fill(row, 7));
        NearFeatureCache cache = Cache(store, static o => o.MaxOpenFetches = 3);
        Task<string>[] askers = [.. Enumerable.Range(0, 3).Select(i => Read(cache, i))];
        using FeatureRow refused = FeatureRow.Rent(_card.View, 9);
        cache.ReadAsync(new[] { refused }, default).AsTask().IsCompleted.Should().BeTrue();
        refused.Error.Should().BeOfType<OverloadedException>().Which.Message.Should().Contain("3 fetches").And.Contain("MaxOpenFetches");

        _clock.Advance(TimeSpan.FromSeconds(1));

        (await Task.WhenAll(askers)).Should().OnlyContain(static a => a == "Failed");
        store.Tokens.Should().OnlyContain(static t => t.IsCancellationRequested);

        // One is tried, which joins those that never end.
        Task<string> probe = Read(cache, 9);
        (await Read(cache, 10)).Should().Be("Failed");
        _clock.Advance(TimeSpan.FromSeconds(1));
        (await probe).Should().Be("Failed");
        store.Reads.Should().Be(4);

        // Late answers are for nobody.
        await Task.Run(_gate.SetResult);
        SpinWait.SpinUntil(() => cache.OpenFetches == 0, TimeSpan.FromSeconds(30)).Should().BeTrue();
        cache.Count.Should().Be(0);
        using FeatureRow again = FeatureRow.Rent(_card.View, 1);
        await cache.ReadAsync(new[] { again }, default);
        again.Error.Should().BeNull();
        _card.Check(again.Read(), 7);
    }

    [Fact]
    public async Task ReadAsync_RowTheStoreForgetsEarlier_IsFetchedThen()
    {
        FakeStore store = FakeStore.Answering(row =>
        {
            row.Set(_card.Count, _version);
            row.CompleteFound(s_now, s_now.AddSeconds(3));
        });
        NearFeatureCache cache = Cache(store);
        (await Read(cache, "1")).Should().Be("1");
        _version = 2;
        _clock.Advance(TimeSpan.FromSeconds(2));
        (await Read(cache, "1")).Should().Be("1");
        _clock.Advance(TimeSpan.FromSeconds(1));
        (await Read(cache, "1")).Should().Be("2");
    }

    [Fact]
    public async Task ReadAsync_RowGrowsTooOldForItsView_IsFetchedThenAndNotEachTime()
    {
        var card = new CardFeatures(TimeSpan.FromSeconds(4), name: "short");
        FakeStore store = FakeStore.Answering(row =>
        {
            card.Fill(row, 1);
            row.CompleteFound(s_now);
        });
        NearFeatureCache cache = Cache(store);
        async Task ReadOne()
        {
            using FeatureRow row = FeatureRow.Rent(card.View, "1");
            await cache.ReadAsync(new[] { row }, default);
            row.IsFound.Should().BeTrue();
        }

        await ReadOne();
        _clock.Advance(TimeSpan.FromSeconds(5));
        await ReadOne();
        store.Reads.Should().Be(2, "the store may have a newer one");
        await ReadOne();
        store.Reads.Should().Be(2, "it has not: what is too old is as good as it gets");
    }

    [Fact]
    public async Task Invalidate_WhileItIsFetched_WhatComesIsNotKept()
    {
        FakeStore store = FakeStore.Gated(_gate.Task, row => Fill(row, _version));
        NearFeatureCache cache = Cache(store);
        Task<string> before = Read(cache, "1");
        cache.Invalidate(_card.View, "1");
        Task<string> after = Read(cache, "1");
        store.Reads.Should().Be(2, "what is fetched already may be from before");

        await Task.Run(_gate.SetResult);
        await Task.WhenAll(before, after);
        _version = 2;
        (await Read(cache, "1")).Should().Be("1");
        cache.Invalidate(_card.View, "1");

        (await Read(cache, "1")).Should().Be("2");
    }

    [Fact]
    public async Task MaxRows_ManyKeys_StaysWithin()
    {
        FakeStore store = Versions();
        NearFeatureCache cache = Cache(store, static o => o.MaxRows = 10);

        for (int i = 0; i < 1_000; i++)
        {
            await Read(cache, i);
            cache.Count.Should().BeLessThanOrEqualTo(10);
        }

        cache.Count.Should().Be(10);
    }

    [Fact]
    public async Task WithNearCache_OverTheStoreInMemory_ServesRowsAsTheyWere()
    {
        var store = new InMemoryFeatureStore();
        await store.WriteAsync(_card.View, "1", r => _card.Fill(r, 1), s_now);
        NearFeatureCache cache = store.WithNearCache(new NearFeatureCacheOptions { TimeProvider = _clock });
        cache.GetService(typeof(IFeatureWriter)).Should().BeSameAs(store);
        cache.GetService(typeof(NearFeatureCache)).Should().BeSameAs(cache);
        using FeatureRow row = FeatureRow.Rent(_card.View, "1");
        for (int n = 1; n < 4; n++)
        {
            await store.WriteAsync(_card.View, "1", r => _card.Fill(r, n), s_now);
            row.Reset("1");
            await cache.ReadAsync(new[] { row }, default);
            _card.Check(row.Read(), 1);
        }

        cache.Invalidate(_card.View, "1");
        row.Reset("1");
        await cache.ReadAsync(new[] { row }, default);
        _card.Check(row.Read(), 3);
    }

    [Fact]
    public void Options_Faults_AreNamedTogether()
    {
        FluentActions.Invoking(() => Cache(Versions(), static o =>
        {
            o.TimeToLive = TimeSpan.Zero;
            o.NegativeTimeToLive = TimeSpan.FromSeconds(-1);
            o.FetchTimeout = Timeout.InfiniteTimeSpan;
            o.MaxRows = 0;
            o.MaxOpenFetches = -1;
        })).Should().Throw<ArgumentException>().WithMessage("*TimeToLive is 00:00:00*NegativeTimeToLive*FetchTimeout*MaxRows is 0*MaxOpenFetches is -1*");
    }

    private NearFeatureCache Cache(IFeatureStore store, Action<NearFeatureCacheOptions>? configure = null)
    {
        var options = new NearFeatureCacheOptions { TimeProvider = _clock };
        configure?.Invoke(options);
        return store.WithNearCache(options);
    }

    private FakeStore Versions() => FakeStore.Answering(row => Fill(row, row.Key == "2" ? 2 : _version));

    private void Fill(FeatureRow row, int n)
    {
        _card.Fill(row, n);
        row.CompleteFound(s_now);
    }

    private async Task<string> Read(NearFeatureCache cache, EntityKey key)
    {
        using FeatureRow row = FeatureRow.Rent(_card.View, key);
        await cache.ReadAsync(new[] { row }, default);
        return row.IsFound ? $"{row.Read().Get(_card.Count)}" : $"{row.DefaultReason}";
    }
}
