namespace RealtimeInference.Redis.Tests;

/// <summary>A view with a field of each type. Each instance is a view of its own.</summary>
internal sealed class CardFeatures
{
    public CardFeatures(TimeSpan? timeToLive = null, string name = "card_daily")
    {
        View = new FeatureView(
            name, "card", [Amount, Total, Count, Sum, IsNew, Country, LastSeen, Embedding], timeToLive);
    }

    public FeatureField<float> Amount { get; } = new("amount", -1f);

    public FeatureField<double> Total { get; } = new("total", -2d);

    public FeatureField<int> Count { get; } = new("count", -3);

    public FeatureField<long> Sum { get; } = new("sum", -4L);

    public FeatureField<bool> IsNew { get; } = new("is_new", false);

    public FeatureField<string> Country { get; } = new("country", "??");

    public FeatureField<DateTimeOffset> LastSeen { get; } = new("last_seen", DateTimeOffset.UnixEpoch);

    public FeatureVectorField Embedding { get; } = new("embedding", 3);

    public FeatureView View { get; }

    /// <summary>Makes a row with a value in each field.</summary>
    public FeatureRow Create(EntityKey key, int seed, DateTimeOffset timestamp, DateTimeOffset? expiresAt = null)
    {
        FeatureRow row = FeatureRow.Rent(View, key);
        row.Set(Amount, 0.1f + seed);
        row.Set(Total, 1e-300 * seed);
        row.Set(Count, -seed);
        row.Set(Sum, long.MaxValue - seed);
        row.Set(IsNew, seed % 2 == 0);
        row.Set(Country, $"Zürich {seed}");
        row.Set(LastSeen, timestamp - TimeSpan.FromTicks(seed));
        row.Set(Embedding, [seed, -0.5f, float.MaxValue]);
        row.CompleteFound(timestamp, expiresAt);
        return row;
    }

    /// <summary>Says that a row holds what <see cref="Create"/> put into it.</summary>
    public void ShouldBe(FeatureRow row, int seed, DateTimeOffset timestamp)
    {
        row.IsFound.Should().BeTrue(row.Error?.Message ?? "there is a row");
        row.Timestamp.Should().Be(timestamp);
        FeatureValues values = row.Read();
        values.Get(Amount).Should().Be(0.1f + seed);
        values.Get(Total).Should().Be(1e-300 * seed);
        values.Get(Count).Should().Be(-seed);
        values.Get(Sum).Should().Be(long.MaxValue - seed);
        values.Get(IsNew).Should().Be(seed % 2 == 0);
        values.Get(Country).Should().Be($"Zürich {seed}");
        values.Get(LastSeen).Should().Be(timestamp - TimeSpan.FromTicks(seed));
        values.Get(Embedding).ToArray().Should().Equal(seed, -0.5f, float.MaxValue);
        foreach (FeatureField field in View.Fields)
        {
            values.HasDefault(field).Should().BeFalse(field.Name);
        }
    }
}
