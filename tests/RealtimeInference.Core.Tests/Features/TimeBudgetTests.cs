using Microsoft.Extensions.Time.Testing;

namespace RealtimeInference.Core.Tests.Features;

/// <summary>A store that is slow or does not answer costs its budget and no more.</summary>
public sealed class TimeBudgetTests
{
    private static readonly DateTimeOffset s_now = new(2030, 5, 6, 7, 8, 9, TimeSpan.Zero);

    private readonly FakeTimeProvider _clock = new(s_now);
    private readonly TaskCompletionSource _gate = new();

    [Fact]
    public async Task SlowStore_WithinTheBudget_IsWaitedFor()
    {
        var card = new CardFeatures();
        FakeStore store = FakeStore.Gated(_gate.Task, row => Found(card, row, 7));
        Task<string> task = Build(store, card).PredictAsync(1).AsTask();

        _clock.Advance(TimeSpan.FromMilliseconds(9));
        task.IsCompleted.Should().BeFalse();
        await Task.Run(_gate.SetResult);

        (await task).Should().Be("None 7");
        store.Tokens.Single().IsCancellationRequested.Should().BeFalse();
    }

    [Fact]
    public async Task SlowStore_BudgetIsSpent_DefaultsAtOnceAndTheReadIsCancelled()
    {
        var card = new CardFeatures();
        FakeStore store = FakeStore.Gated(_gate.Task, row => Found(card, row, 7));
        using PredictionContext context = PredictionContext.Rent(_clock);
        Task<string> task = Build(store, card).PredictAsync(1, context, default).AsTask();

        _clock.Advance(TimeSpan.FromMilliseconds(10));

        (await task).Should().Be("TimedOut -3");
        context.HasDefaultedFeatures.Should().BeTrue();
        context.Features[0].Reason.Should().Be(FeatureDefaultReason.TimedOut);
        store.Tokens.Single().IsCancellationRequested.Should().BeTrue();
    }

    [Fact]
    public async Task SlowStore_NeededInTime_FailsThePrediction()
    {
        var card = new CardFeatures(onTimeout: FeatureFallback.Fail);
        FakeStore store = FakeStore.Gated(_gate.Task, row => Found(card, row, 7));
        Task<string> task = Build(store, card).PredictAsync(1).AsTask();

        _clock.Advance(TimeSpan.FromMilliseconds(10));

        (await FluentActions.Awaiting(() => task).Should().ThrowAsync<FeatureLookupException>()).WithMessage("*in time*near cache*onTimeout*")
            .Which.Reason.Should().Be(FeatureDefaultReason.TimedOut);
    }

    [Theory]
    [InlineData(4, 4)]
    [InlineData(60, 10)]
    public async Task Deadline_NearerThanTheBudget_EndsTheWait(int deadline, int wait)
    {
        var card = new CardFeatures();
        FakeStore store = FakeStore.Gated(_gate.Task, row => Found(card, row, 7));
        using PredictionContext context = PredictionContext.Rent(_clock);
        context.SetDeadline(TimeSpan.FromMilliseconds(deadline));
        Task<string> task = Build(store, card).PredictAsync(1, context, default).AsTask();

        _clock.Advance(TimeSpan.FromMilliseconds(wait - 1));
        task.IsCompleted.Should().BeFalse();
        _clock.Advance(TimeSpan.FromMilliseconds(1));

        (await task).Should().Be("TimedOut -3");
    }

    [Fact]
    public async Task Deadline_AlreadyPast_IsRefusedWithoutARead()
    {
        var card = new CardFeatures();
        FakeStore store = FakeStore.Gated(_gate.Task, row => Found(card, row, 7));
        using PredictionContext context = PredictionContext.Rent(_clock);
        context.SetDeadline(TimeSpan.FromMilliseconds(1));
        _clock.Advance(TimeSpan.FromMilliseconds(2));

        await Build(store, card).Awaiting(p => p.PredictAsync(1, context, default).AsTask()).Should().ThrowAsync<DeadlineExceededException>();

        store.Reads.Should().Be(0);
    }

    [Fact]
    public async Task Budget_Endless_WaitsForTheDeadlineOnly()
    {
        var card = new CardFeatures();
        FakeStore store = FakeStore.Gated(_gate.Task, row => Found(card, row, 7));
        IPredictor<int, string> predictor = Build(store, card, new FeatureLookupOptions { TimeBudget = Timeout.InfiniteTimeSpan });
        Task<string> endless = predictor.PredictAsync(1).AsTask();
        using PredictionContext context = PredictionContext.Rent(_clock);
        context.SetDeadline(TimeSpan.FromDays(1));
        Task<string> limited = predictor.PredictAsync(1, context, default).AsTask();

        _clock.Advance(TimeSpan.FromDays(1));
        (await limited).Should().Be("TimedOut -3");
        _clock.Advance(TimeSpan.FromDays(500));
        endless.IsCompleted.Should().BeFalse();
        await Task.Run(_gate.SetResult);

        (await endless).Should().Be("None 7");
    }

    [Fact]
    public async Task Cancellation_WhileTheStoreIsRead_ComesWithTheCallersToken()
    {
        var card = new CardFeatures();
        FakeStore store = FakeStore.Gated(_gate.Task, row => Found(card, row, 7));
        using var source = new CancellationTokenSource();
        Task<string> task = Build(store, card).PredictAsync(1, source.Token).AsTask();

        await source.CancelAsync();

        (await FluentActions.Awaiting(() => task).Should().ThrowAsync<OperationCanceledException>()).Which.CancellationToken.Should().Be(source.Token);
        store.Tokens.Single().IsCancellationRequested.Should().BeTrue("the store is told");
        await Task.Run(_gate.SetResult);
    }

    [Fact]
    public async Task PartOfTheRows_CompletedInTime_AreKept()
    {
        var card = new CardFeatures();
        var store = new FakeStore(async (rows, _) =>
        {
            Found(card, rows.Span[0], 7);
            await _gate.Task;
            Found(card, rows.Span[1], 8);
        });
        IPredictor<int, string> predictor = Predictor.For<int>().LookupFeatures(
                store,
                lookup => lookup.AddMany(card.View, static (id, keys) =>
                {
                    keys.Add(id);
                    keys.Add(id + 1);
                }),
                (_, rows) => $"{rows[card.View].Get(card.Count)} {rows[card.View, 1].Get(card.Count)}")
            .Build(new PredictorOptions { TimeProvider = _clock });
        Task<string> task = predictor.PredictAsync(1).AsTask();

        _clock.Advance(TimeSpan.FromMilliseconds(10));

        (await task).Should().Be("7 -3");
    }

    [Fact]
    public async Task LateStore_FillsItsRowsAfterAll_NobodyElseSeesThem()
    {
        // The store of the first prediction goes on when the second one is under way: with rows of its own.
        var card = new CardFeatures();
        var gates = new Queue<TaskCompletionSource>([new(), new(), new()]);
        TaskCompletionSource[] all = [.. gates];
        FakeStore store = FakeStore.Waiting(() => gates.Dequeue().Task, row =>
        {
            row.Key.TryGetNumber(out long n);
            Found(card, row, (int)n);
        });
        IPredictor<int, string> predictor = Build(store, card);
        Task<string> first = predictor.PredictAsync(1).AsTask();
        _clock.Advance(TimeSpan.FromMilliseconds(10));
        (await first).Should().Be("TimedOut -3");
        Task<string> second = predictor.PredictAsync(2).AsTask();

        await Task.Run(all[0].SetResult);
        second.IsCompleted.Should().BeFalse();
        await Task.Run(all[1].SetResult);
        (await second).Should().Be("None 2");

        // And now with the rows that came back late.
        Task<string> third = predictor.PredictAsync(3).AsTask();
        await Task.Run(all[2].SetResult);
        (await third).Should().Be("None 3");
    }

    [Fact]
    public async Task StoreThatNeverAnswers_ManyPredictions_HasSoManyReadsAndNoMore()
    {
        var card = new CardFeatures();
        FakeStore store = FakeStore.Gated(_gate.Task, row => Found(card, row, 7));
        IPredictor<int, string> predictor = Build(store, card, new FeatureLookupOptions { MaxOpenReads = 5 });
        for (int i = 0; i < 5; i++)
        {
            Task<string> task = predictor.PredictAsync(i).AsTask();
            _clock.Advance(TimeSpan.FromMilliseconds(10));
            (await task).Should().Be("TimedOut -3");
        }

        store.Reads.Should().Be(5);
        for (int i = 0; i < 1_000; i++)
        {
            ValueTask<string> task = predictor.PredictAsync(i);
            task.IsCompletedSuccessfully.Should().BeTrue("nothing is waited for");
            (await task).Should().Be("TimedOut -3");
        }

        store.Reads.Should().Be(5);

        // One is tried now and then, at growing distance.
        for (int second = 0; second < 60; second++)
        {
            _clock.Advance(TimeSpan.FromSeconds(1));
            Task<string> task = predictor.PredictAsync(1).AsTask();
            _clock.Advance(TimeSpan.FromMilliseconds(10));
            (await task).Should().Be("TimedOut -3");
        }

        store.Reads.Should().BeInRange(8, 11);
    }

    [Fact]
    public async Task StoreThatIsBack_ReadsThatNeverEnd_AreWrittenOff()
    {
        var card = new CardFeatures();
        bool isBack = false;
        FakeStore store = FakeStore.Waiting(() => isBack ? Task.CompletedTask : _gate.Task, row => Found(card, row, 7));
        IPredictor<int, string> predictor = Build(store, card, new FeatureLookupOptions { MaxOpenReads = 3 });
        for (int i = 0; i < 3; i++)
        {
            Task<string> task = predictor.PredictAsync(i).AsTask();
            _clock.Advance(TimeSpan.FromMilliseconds(10));
            await task;
        }

        isBack = true;
        (await predictor.PredictAsync(1)).Should().Be("TimedOut -3", "it is not tried yet");
        _clock.Advance(TimeSpan.FromSeconds(1));
        (await predictor.PredictAsync(1)).Should().Be("None 7", "one is tried");
        (await predictor.PredictAsync(1)).Should().Be("None 7", "and all others after it");
        (await predictor.PredictAsync(1)).Should().Be("None 7");

        // Late ends of what was written off change nothing.
        await Task.Run(_gate.SetResult);
        for (int i = 0; i < 10; i++)
        {
            (await predictor.PredictAsync(1)).Should().Be("None 7");
        }
    }

    [Fact]
    public async Task StoreThatEndsLate_ReadsHaveEnded_ThereIsRoomAgain()
    {
        var card = new CardFeatures();
        FakeStore store = FakeStore.Gated(_gate.Task, row => Found(card, row, 7));
        IPredictor<int, string> predictor = Build(store, card, new FeatureLookupOptions { MaxOpenReads = 1 });
        Task<string> task = predictor.PredictAsync(1).AsTask();
        _clock.Advance(TimeSpan.FromMilliseconds(10));
        (await task).Should().Be("TimedOut -3");
        (await predictor.PredictAsync(1)).Should().Be("TimedOut -3");

        await Task.Run(_gate.SetResult);

        (await predictor.PredictAsync(1)).Should().Be("None 7");
    }

    [Fact]
    public async Task RandomStore_ManyPredictionsAtOnce_EachHasItsOwnRowOrDefaults()
    {
        // Answers at once, soon, late or never, in real time, and everybody checks that the values belong to the key.
        var card = new CardFeatures();
        var store = new FakeStore(async (rows, cancellationToken) =>
        {
            rows.Span[0].Key.TryGetNumber(out long n);
            switch (n % 5)
            {
                case 0:
                    break;
                case 1:
                    await Task.Yield();
                    break;
                case 2:
                    await Task.Delay(TimeSpan.FromMilliseconds(n % 7), TimeProvider.System, CancellationToken.None);
                    break;
                case 3:
                    await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, cancellationToken);
                    break;
                default:
                    throw new IOException("no disk");
            }

            Found(card, rows.Span[0], (int)n);
        });
        IPredictor<int, (FeatureDefaultReason Reason, int Count, string Country)> predictor = Predictor.For<int>().LookupFeatures(
            store,
            card.View,
            static id => id,
            (_, values) => (values.DefaultReason, values.Get(card.Count), values.Get(card.Country)),
            new FeatureLookupOptions { TimeBudget = TimeSpan.FromMilliseconds(3) }).Build();

        int[] found = await Task.WhenAll(Enumerable.Range(0, 4).Select(worker => Task.Run(async () =>
        {
            int count = 0;
            for (int i = 0; i < 150; i++)
            {
                int id = (worker * 1_000) + i;
                var answer = await predictor.PredictAsync(id);
                if (answer.Reason == FeatureDefaultReason.None)
                {
                    answer.Should().Be((FeatureDefaultReason.None, id, $"country {id}"));
                    count++;
                }
                else
                {
                    answer.Should().Be((answer.Reason, -3, "??"));
                }
            }

            return count;
        })));

        found.Should().OnlyContain(static n => n >= 30);
    }

    private static void Found(CardFeatures card, FeatureRow row, int n)
    {
        card.Fill(row, n);
        row.CompleteFound(s_now);
    }

    private IPredictor<int, string> Build(IFeatureStore store, CardFeatures card, FeatureLookupOptions? options = null) => Predictor.For<int>()
        .LookupFeatures(store, card.View, static id => id, (_, values) => $"{values.DefaultReason} {values.Get(card.Count)}", options)
        .Build(new PredictorOptions { TimeProvider = _clock });
}
