namespace RealtimeInference.Core.Tests.Features;

/// <summary>Views as a user writes them, made anew for each test, so that no test sees another's.</summary>
internal sealed class CardFeatures
{
    public CardFeatures(
        TimeSpan? timeToLive = null,
        FeatureFallback onMissing = FeatureFallback.UseDefaults,
        FeatureFallback onTimeout = FeatureFallback.UseDefaults,
        FeatureFallback onError = FeatureFallback.UseDefaults,
        string name = "card_30d") =>
        View = new FeatureView(
            name,
            "card",
            [Average, Total, Count, Limit, IsBlocked, Country, LastUse, Embedding],
            timeToLive,
            "What a card did in the last 30 days.",
            onMissing,
            onTimeout,
            onError);

    public FeatureField<float> Average { get; } = new("average", 1.5f, "Mean amount.");

    public FeatureField<double> Total { get; } = new("total", 2.25);

    public FeatureField<int> Count { get; } = new("count", -3);

    public FeatureField<long> Limit { get; } = new("limit", 4_000_000_000);

    public FeatureField<bool> IsBlocked { get; } = new("is_blocked", true);

    public FeatureField<string> Country { get; } = new("country", "??");

    public FeatureField<DateTimeOffset> LastUse { get; } = new("last_use", DateTimeOffset.UnixEpoch);

    public FeatureVectorField Embedding { get; } = new("embedding", [0.5f, 0.25f]);

    public FeatureView View { get; }

    /// <summary>Sets every field to values that tell the number, and are not its default.</summary>
    public void Fill(FeatureRow row, int n)
    {
        row.Set(Average, n + 0.5f);
        row.Set(Total, n + 0.125);
        row.Set(Count, n);
        row.Set(Limit, n * 10_000_000_000);
        row.Set(IsBlocked, false);
        row.Set(Country, $"country {n}");
        row.Set(LastUse, DateTimeOffset.UnixEpoch.AddDays(n));
        row.Set(Embedding, [n, -n]);
    }

    public void Check(FeatureValues values, int n)
    {
        values.Get(Average).Should().Be(n + 0.5f);
        values.Get(Total).Should().Be(n + 0.125);
        values.Get(Count).Should().Be(n);
        values.Get(Limit).Should().Be(n * 10_000_000_000);
        values.Get(IsBlocked).Should().BeFalse();
        values.Get(Country).Should().Be($"country {n}");
        values.Get(LastUse).Should().Be(DateTimeOffset.UnixEpoch.AddDays(n));
        values.Get(Embedding).ToArray().Should().Equal(n, -n);
    }

    public void CheckDefaults(FeatureValues values)
    {
        values.Get(Average).Should().Be(1.5f);
        values.Get(Total).Should().Be(2.25);
        values.Get(Count).Should().Be(-3);
        values.Get(Limit).Should().Be(4_000_000_000);
        values.Get(IsBlocked).Should().BeTrue();
        values.Get(Country).Should().Be("??");
        values.Get(LastUse).Should().Be(DateTimeOffset.UnixEpoch);
        values.Get(Embedding).ToArray().Should().Equal(0.5f, 0.25f);
    }
}
