using Microsoft.Extensions.Time.Testing;

namespace RealtimeInference.Core.Tests.Features;

/// <summary>What a pipeline does with what a store answers.</summary>
public sealed class LookupTests
{
    private static readonly DateTimeOffset s_now = new(2030, 5, 6, 7, 8, 9, TimeSpan.Zero);

    private readonly FakeTimeProvider _clock = new(s_now);

    [Fact]
    public async Task LookupFeatures_RowIsThere_JoinsItAndSaysItsAge()
    {
        var card = new CardFeatures(TimeSpan.FromMinutes(1));
        FakeStore store = FakeStore.Answering(row =>
        {
            card.Fill(row, 7);
            row.CompleteFound(s_now.AddSeconds(-5));
        });
        IPredictor<int, string> predictor = Build(store, card);
        using PredictionContext context = PredictionContext.Rent(_clock);

        string answer = await predictor.PredictAsync(42, context, default);

        answer.Should().Be("42 country 7 7 age 5");
        store.Asked.Should().Equal("card_30d[42]");
        context.HasDefaultedFeatures.Should().BeFalse();
        context.Features.ToArray().Should().Equal(new FeatureUse(card.View, 42, null, FeatureDefaultReason.None, TimeSpan.FromSeconds(5), null));
        context.Timings[0].Stage.Should().Be("features");
    }

    [Fact]
    public async Task LookupFeatures_FieldsMissingOrOfTheWrongType_DefaultsThose()
    {
        var card = new CardFeatures();
        FakeStore store = FakeStore.Answering(row =>
        {
            row.Set(card.Country, "Peru");
            row.SetText(card.Count, "many");
            row.CompleteFound(s_now);
        });
        using PredictionContext context = PredictionContext.Rent(_clock);

        (await Build(store, card).PredictAsync(1, context, default)).Should().Be("1 Peru -3 age 0");

        context.HasDefaultedFeatures.Should().BeTrue();
        FeatureUse[] uses = context.Features.ToArray();
        uses[0].IsDefaulted.Should().BeFalse();
        uses.Should().HaveCount(8);
        uses.Single(u => u.Field == card.Count).Reason.Should().Be(FeatureDefaultReason.WrongType);
        uses.Skip(1).Where(u => u.Field != card.Count).Should().OnlyContain(static u => u.Reason == FeatureDefaultReason.Missing && u.Field != null);
        uses.Should().NotContain(u => u.Field == card.Country);
    }

    public static TheoryData<string, FeatureDefaultReason> Faults => new()
    {
        { "missing", FeatureDefaultReason.Missing },
        { "failed", FeatureDefaultReason.Failed },
        { "throws", FeatureDefaultReason.Failed },
        { "throws later", FeatureDefaultReason.Failed },
        { "cancels itself", FeatureDefaultReason.Failed },
        { "forgets", FeatureDefaultReason.Failed },
        { "forgets later", FeatureDefaultReason.Failed },
        { "old", FeatureDefaultReason.Expired },
        { "no time", FeatureDefaultReason.Expired },
    };

    [Theory]
    [MemberData(nameof(Faults))]
    public async Task LookupFeatures_RowNotToBeHad_GivesDefaultsAndSaysWhy(string fault, FeatureDefaultReason reason)
    {
        var card = new CardFeatures(TimeSpan.FromMinutes(1));
        using PredictionContext context = PredictionContext.Rent(_clock);

        (await Build(FaultyStore(card, fault), card).PredictAsync(1, context, default)).Should().StartWith("1 ?? -3");

        context.HasDefaultedFeatures.Should().BeTrue();
        FeatureUse use = context.Features.ToArray().Should().ContainSingle().Which;
        use.Reason.Should().Be(reason);
        use.Field.Should().BeNull();
        (use.Error is not null).Should().Be(reason == FeatureDefaultReason.Failed);
        use.Age.Should().Be(fault == "old" ? TimeSpan.FromMinutes(1) + TimeSpan.FromTicks(1) : null);
    }

    [Theory]
    [MemberData(nameof(Faults))]
    public async Task LookupFeatures_RowNotToBeHadAndNeeded_FailsWithTheReason(string fault, FeatureDefaultReason reason)
    {
        bool isError = reason == FeatureDefaultReason.Failed;
        var card = new CardFeatures(
            TimeSpan.FromMinutes(1),
            onMissing: isError ? FeatureFallback.UseDefaults : FeatureFallback.Fail,
            onError: isError ? FeatureFallback.Fail : FeatureFallback.UseDefaults);
        using PredictionContext context = PredictionContext.Rent(_clock);

        FeatureLookupException exception = (await Build(FaultyStore(card, fault), card)
            .Awaiting(p => p.PredictAsync(1, context, default).AsTask()).Should().ThrowAsync<FeatureLookupException>()).Which;

        exception.Reason.Should().Be(reason);
        exception.ViewName.Should().Be("card_30d");
        exception.Key.Should().Be("1");
        exception.Message.Should().Contain("'card_30d' of card '1'").And.Contain(isError ? "onError" : "onMissing");
        (exception.InnerException is not null).Should().Be(isError);
        context.HasDefaultedFeatures.Should().BeTrue("the context says it also of a prediction that failed");
        context.Features.Length.Should().Be(1);
    }

    [Fact]
    public async Task LookupFeatures_WrongTypeAndNeeded_SaysWhatWasFound()
    {
        var card = new CardFeatures(onError: FeatureFallback.Fail);
        FakeStore store = FakeStore.Answering(row =>
        {
            row.SetText(card.Count, "many");
            row.CompleteFound(s_now);
        });

        (await Build(store, card).Awaiting(p => p.PredictAsync(1).AsTask()).Should().ThrowAsync<FeatureLookupException>())
            .WithMessage("*other types*'many'*").Which.Reason.Should().Be(FeatureDefaultReason.WrongType);
    }

    [Fact]
    public async Task LookupFeatures_NoKey_IsMissingAndTheStoreIsNotAsked()
    {
        var card = new CardFeatures();
        FakeStore store = FakeStore.Answering(static row => row.CompleteMissing());
        IPredictor<string?, string> predictor = Predictor.For<string?>().LookupFeatures(
            store, card.View, static key => key, static (_, values) => $"{values.DefaultReason} '{values.Key}'").Build();

        (await predictor.PredictAsync(null)).Should().Be("Missing ''");

        store.Reads.Should().Be(0);
        IPredictor<string?, string> strict = Predictor.For<string?>().LookupFeatures(
            store, new CardFeatures(onMissing: FeatureFallback.Fail).View, static key => key, static (_, _) => "").Build();
        await strict.Awaiting(p => p.PredictAsync("").AsTask()).Should().ThrowAsync<FeatureLookupException>().WithMessage("*names no card*");
    }

    [Fact]
    public async Task LookupFeatures_SeveralViewsAndEntities_AreOneReadInOrder()
    {
        var card = new CardFeatures();
        var item = new CardFeatures(name: "item");
        FakeStore store = FakeStore.Answering(static row =>
        {
            FeatureView view = row.View;
            row.Key.TryGetNumber(out long n);
            row.Set((FeatureField<int>)view.FindField("count")!, (int)n);
            row.CompleteFound(null);
        });
        IPredictor<int[], string> predictor = Predictor.For<int[]>().LookupFeatures(
            store,
            lookup => lookup
                .Add(card.View, static ids => ids[0])
                .AddMany(item.View, static (ids, keys) =>
                {
                    foreach (int id in ids)
                    {
                        keys.Add(id);
                    }
                })
                .Add(card.View, static ids => ids[^1]),
            (_, rows) =>
            {
                string text = $"{rows[card.View].Get(card.Count)} {rows[card.View, 1].Get(card.Count)} of {rows.Count(card.View)};";
                for (int i = 0; i < rows.Count(item.View); i++)
                {
                    text += $" {rows[item.View, i].Get(item.Count)}";
                }

                return text;
            }).Build();

        (await predictor.PredictAsync([5, 6, 7])).Should().Be("5 7 of 2; 5 6 7");
        (await predictor.PredictAsync([9])).Should().Be("9 9 of 2; 9");
        (await predictor.PredictAsync([.. Enumerable.Range(0, 50)])).Should().EndWith(" 47 48 49").And.StartWith("0 49 of 2; 0 1 2");
        store.Reads.Should().Be(3);
        store.Asked.First().Should().Be("card_30d[5] item[5] item[6] item[7] card_30d[7]");
    }

    [Fact]
    public async Task FeatureRows_OtherViewOrIndex_IsAnError()
    {
        var card = new CardFeatures();
        FakeStore store = FakeStore.Answering(static row => row.CompleteMissing());
        IPredictor<FeatureView, bool> Build(int index) => Predictor.For<FeatureView>().LookupFeatures(
            store, lookup => lookup.Add(card.View, static _ => 1), (view, rows) => rows[view, index].IsDefaulted).Build();

        (await Build(0).PredictAsync(card.View)).Should().BeTrue();
        await Build(1).Awaiting(p => p.PredictAsync(card.View).AsTask()).Should().ThrowAsync<ArgumentOutOfRangeException>();
        await Build(-1).Awaiting(p => p.PredictAsync(card.View).AsTask()).Should().ThrowAsync<ArgumentOutOfRangeException>();
        await Build(0).Awaiting(p => p.PredictAsync(new CardFeatures(name: "x").View).AsTask()).Should().ThrowAsync<FeatureMismatchException>()
            .WithMessage("*'x' was not looked up, only 'card_30d'*");
    }

    [Fact]
    public async Task LookupFeatures_UsersFunctionsThrow_TheirErrorsComeThrough()
    {
        var card = new CardFeatures();
        FakeStore store = FakeStore.Answering(static row => row.CompleteMissing());
        IPredictor<int, int> key = Predictor.For<int>().LookupFeatures(
            store, card.View, static x => x == 1 ? throw new FormatException() : x, static (x, _) => x).Build();
        IPredictor<int, int> join = Predictor.For<int>().LookupFeatures(
            store, card.View, static x => x, static (x, _) => x == 1 ? throw new FormatException() : x).Build();

        foreach (IPredictor<int, int> predictor in new[] { key, join })
        {
            await predictor.Awaiting(p => p.PredictAsync(1).AsTask()).Should().ThrowAsync<FormatException>();
            (await predictor.PredictAsync(2)).Should().Be(2);
        }
    }

    [Fact]
    public async Task HasDefaultedFeatures_ContextUsedAgain_IsForgotten()
    {
        var card = new CardFeatures();
        IPredictor<int, string> predictor = Build(FakeStore.Answering(static row => row.CompleteMissing()), card);
        PredictionContext used = PredictionContext.Rent(_clock);
        await predictor.PredictAsync(1, used, default);
        used.HasDefaultedFeatures.Should().BeTrue();
        used.Dispose();

        using PredictionContext context = PredictionContext.Rent(_clock);

        context.Should().BeSameAs(used);
        context.HasDefaultedFeatures.Should().BeFalse();
        context.Features.Length.Should().Be(0);
    }

    [Fact]
    public async Task HasDefaultedFeatures_ContextThatIsNotTimed_IsKnownToDecorators()
    {
        var card = new CardFeatures();
        IPredictor<int, string> predictor = Build(FakeStore.Answering(static row => row.CompleteMissing()), card);
        using PredictionContext context = PredictionContext.Rent(_clock, isTimed: false);

        await predictor.PredictAsync(1, context, default);

        context.HasDefaultedFeatures.Should().BeTrue();
        context.Features.Length.Should().Be(0, "nobody reads it");
    }

    [Fact]
    public async Task GetService_OfThePredictor_FindsTheStore()
    {
        var card = new CardFeatures();
        FakeStore store = FakeStore.Answering(static row => row.CompleteMissing());
        IPredictor<int, string> predictor = Build(store, card);

        predictor.GetService(typeof(IFeatureStore)).Should().BeSameAs(store);
        await predictor.PredictAsync(1);
    }

    [Fact]
    public void LookupFeatures_FaultsInOptions_AreNamedTogether()
    {
        var card = new CardFeatures();
        FakeStore store = FakeStore.Answering(static row => row.CompleteMissing());
        var options = new FeatureLookupOptions { TimeBudget = TimeSpan.Zero, MaxOpenReads = 0 };

        FluentActions.Invoking(() => Build(store, card, options)).Should().Throw<ArgumentException>().WithMessage("*TimeBudget is 00:00:00*MaxOpenReads is 0*");
        FluentActions.Invoking(() => Predictor.For<int>().LookupFeatures(store, static _ => { }, static (x, _) => x)).Should().Throw<ArgumentException>();
    }

    private static FakeStore FaultyStore(CardFeatures card, string fault) => fault switch
    {
        "missing" => FakeStore.Answering(static row => row.CompleteMissing()),
        "failed" => FakeStore.Answering(static row => row.CompleteFailed(new IOException("no disk"))),
        "throws" => new FakeStore(static (_, _) => throw new IOException("no disk")),
        "throws later" => new FakeStore(static async (_, _) =>
        {
            await Task.Yield();
            throw new IOException("no disk");
        }),
        "cancels itself" => new FakeStore(static (_, _) => ValueTask.FromCanceled(new CancellationToken(true))),
        "forgets" => new FakeStore(static (_, _) => default),
        "forgets later" => new FakeStore(static async (_, _) => await Task.Yield()),
        "old" => FakeStore.Answering(row =>
        {
            card.Fill(row, 7);
            row.CompleteFound(s_now - TimeSpan.FromMinutes(1) - TimeSpan.FromTicks(1));
        }),
        "no time" => FakeStore.Answering(row =>
        {
            card.Fill(row, 7);
            row.CompleteFound(null);
        }),
        _ => throw new ArgumentOutOfRangeException(nameof(fault)),
    };

    private IPredictor<int, string> Build(IFeatureStore store, CardFeatures card, FeatureLookupOptions? options = null) => Predictor.For<int>()
        .LookupFeatures(
            store,
            card.View,
            static id => id,
            (id, values) => $"{id} {values.Get(card.Country)} {values.Get(card.Count)} age {values.Age?.TotalSeconds}",
            options)
        .Build(new PredictorOptions { TimeProvider = _clock });
}
