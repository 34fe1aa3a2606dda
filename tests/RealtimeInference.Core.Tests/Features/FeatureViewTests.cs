namespace RealtimeInference.Core.Tests.Features;

public sealed class FeatureViewTests
{
    [Fact]
    public void Constructor_GoodFields_BindsThemInOrder()
    {
        var card = new CardFeatures(TimeSpan.FromDays(1));

        card.View.Fields.Select(static f => f.Name).Should().Equal(
            "average", "total", "count", "limit", "is_blocked", "country", "last_use", "embedding");
        card.View.Fields.Select(static f => f.Type).Should().Equal(Enum.GetValues<FeatureType>());
        card.View.Fields.Select(static f => f.Ordinal).Should().Equal(Enumerable.Range(0, 8));
        card.View.Fields.Should().OnlyContain(f => f.View == card.View);
        card.View.FindField("count").Should().BeSameAs(card.Count);
        card.View.FindField("Count").Should().BeNull();
        card.View.TimeToLive.Should().Be(TimeSpan.FromDays(1));
        card.Average.Description.Should().Be("Mean amount.");
        card.Embedding.Length.Should().Be(2);
    }

    [Fact]
    public void GetDefault_OfEachType_IsTheDefault()
    {
        new CardFeatures().View.Fields.Select(static f => f.GetDefault()).Should().BeEquivalentTo(new object[]
        {
            1.5f, 2.25, -3, 4_000_000_000L, true, "??", DateTimeOffset.UnixEpoch, new[] { 0.5f, 0.25f },
        });
    }

    [Fact]
    public void Constructor_ManyFaults_NamesThemAll()
    {
        FeatureField<int> taken = new("taken", 0);
        _ = new FeatureView("other", "card", [taken]);
        FeatureField<int> free = new("free", 0);

        Action act = () => _ = new FeatureView(
            "card 30", "", [null!, free, new FeatureField<float>("free", 1f), taken], TimeSpan.Zero, onTimeout: (FeatureFallback)7);

        act.Should().Throw<ArgumentException>().WithMessage("*7 faults*").WithMessage("*name is 'card 30'*").WithMessage("*entity is ''*")
            .WithMessage("*Field 0 is null*above the view*").WithMessage("*two fields named 'free'*").WithMessage("*'taken' belongs to the view 'other'*")
            .WithMessage("*time to live is 00:00:00*").WithMessage("*onTimeout is 7*");
        free.View.Should().BeNull("a view that is refused takes no field with it");
        new FeatureView("good", "card", [free]).Fields.Should().ContainSingle();
    }

    [Fact]
    public void Constructor_NoFields_IsRefused()
    {
        ((Action)(static () => _ = new FeatureView("empty", "card", []))).Should().Throw<ArgumentException>().WithMessage("*at least one*");
    }

    [Fact]
    public void Field_TypeThatIsNoFeature_SaysWhatIs()
    {
        ((Action)(static () => _ = new FeatureField<decimal>("price", 1m))).Should().Throw<NotSupportedException>()
            .WithMessage("*'price'*Decimal*float, double, int, long, bool, string or DateTimeOffset*");
        ((Action)(static () => _ = new FeatureField<float[]>("v", [1f]))).Should().Throw<NotSupportedException>().WithMessage("*FeatureVectorField*");
    }

    [Fact]
    public void Field_DefaultTime_IsInUtc()
    {
        FeatureField<DateTimeOffset> field = new("at", new DateTimeOffset(2030, 1, 1, 5, 0, 0, TimeSpan.FromHours(3)));

        field.Default.Should().Be(new DateTimeOffset(2030, 1, 1, 2, 0, 0, TimeSpan.Zero));
        field.Default.Offset.Should().Be(TimeSpan.Zero);
    }
}
