using System.Globalization;
using System.Text;
using Microsoft.Extensions.Time.Testing;

namespace RealtimeInference.Core.Tests.Features;

public sealed class FeatureRowTests
{
    private readonly CardFeatures _card = new();
    private readonly FakeTimeProvider _clock = new(new DateTimeOffset(2030, 5, 6, 7, 8, 9, TimeSpan.Zero));

    [Fact]
    public void Set_EveryType_IsReadBack()
    {
        using FeatureRow row = FeatureRow.Rent(_card.View, "1");
        _card.Fill(row, 7);
        row.CompleteFound(_clock.GetUtcNow());
        _clock.Advance(TimeSpan.FromSeconds(3));

        FeatureValues values = row.Read(_clock);

        _card.Check(values, 7);
        values.IsDefaulted.Should().BeFalse();
        values.Age.Should().Be(TimeSpan.FromSeconds(3));
        foreach (FeatureField field in _card.View.Fields)
        {
            values.HasDefault(field).Should().BeFalse();
        }
    }

    [Fact]
    public void Set_ExtremesOfEachType_KeepEveryBit()
    {
        using FeatureRow row = FeatureRow.Rent(_card.View, "1");
        foreach ((float f, double d, int i, long l) in new[]
        {
            (float.NaN, double.NaN, int.MinValue, long.MinValue),
            (-0f, -0.0, int.MaxValue, long.MaxValue),
            (float.Epsilon, double.Epsilon, -1, -1L),
            (float.NegativeInfinity, double.PositiveInfinity, 0, 0L),
        })
        {
            row.Reset("1");
            row.Set(_card.Average, f);
            row.Set(_card.Total, d);
            row.Set(_card.Count, i);
            row.Set(_card.Limit, l);
            row.CompleteFound(null);

            BitConverter.SingleToInt32Bits(row.Read().Get(_card.Average)).Should().Be(BitConverter.SingleToInt32Bits(f));
            BitConverter.DoubleToInt64Bits(row.Read().Get(_card.Total)).Should().Be(BitConverter.DoubleToInt64Bits(d));
            row.Read().Get(_card.Count).Should().Be(i);
            row.Read().Get(_card.Limit).Should().Be(l);
        }
    }

    [Fact]
    public void Read_NothingSet_GivesDefaultsAndSaysWhy()
    {
        using FeatureRow row = FeatureRow.Rent(_card.View, "1");
        row.CompleteFound(_clock.GetUtcNow());

        _card.CheckDefaults(row.Read(_clock));
        row.Read(_clock).IsDefaulted.Should().BeFalse("there is a row");
        row.Read(_clock).GetDefaultReason(_card.Country).Should().Be(FeatureDefaultReason.Missing);
    }

    [Fact]
    public void Read_MissingOrFailed_GivesDefaults()
    {
        using FeatureRow row = FeatureRow.Rent(_card.View, "1");
        row.CompleteMissing();
        _card.CheckDefaults(row.Read());
        row.Read().DefaultReason.Should().Be(FeatureDefaultReason.Missing);
        row.Read().Timestamp.Should().BeNull();

        row.Reset("2");
        _card.Fill(row, 1);
        row.CompleteFailed(new IOException("gone"));

        _card.CheckDefaults(row.Read());
        row.Read().DefaultReason.Should().Be(FeatureDefaultReason.Failed);
        row.Error.Should().BeOfType<IOException>();
    }

    [Fact]
    public void Reset_AfterUse_LeavesNothingOfTheRowBefore()
    {
        FeatureRow row = FeatureRow.Rent(_card.View, "1");
        _card.Fill(row, 7);
        row.CompleteFound(_clock.GetUtcNow(), _clock.GetUtcNow());
        row.Dispose();
        row.Dispose();

        using FeatureRow again = FeatureRow.Rent(_card.View, "2");
        again.Should().BeSameAs(row);
        again.IsComplete.Should().BeFalse();
        again.Key.Should().Be((EntityKey)"2");
        again.CompleteFound(null);
        _card.CheckDefaults(again.Read());
        again.ExpiresAt.Should().BeNull();
        using FeatureRow other = FeatureRow.Rent(_card.View, "3");
        other.Should().NotBeSameAs(again, "it was given back once");
    }

    [Fact]
    public void FieldOfAnotherView_GetAndSet_IsATypedError()
    {
        var other = new CardFeatures(name: "card_90d");
        using FeatureRow row = FeatureRow.Rent(_card.View, "1");

        row.Invoking(r => r.Set(other.Average, 1f)).Should().Throw<FeatureMismatchException>()
            .WithMessage("*'average'*'card_90d'*'card_30d'*").Which.FoundView.Should().Be("card_90d");
        row.CompleteFound(null);
        row.Invoking(r => r.Read().Get(other.Average)).Should().Throw<FeatureMismatchException>();
        row.Invoking(r => r.Read().Get(other.Embedding)).Should().Throw<FeatureMismatchException>();
        row.Invoking(r => r.Read().Get(new FeatureField<int>("loose", 0))).Should().Throw<FeatureMismatchException>().WithMessage("*no view*");
        row.Invoking(r => r.Read().Get(new CardFeatures().Average)).Should().Throw<FeatureMismatchException>().WithMessage("*two objects*");
    }

    [Fact]
    public void Change_OfACompleteRow_IsRefused()
    {
        using FeatureRow row = FeatureRow.Rent(_card.View, "1");
        row.CompleteMissing();

        row.Invoking(r => r.CompleteFound(null)).Should().Throw<InvalidOperationException>().WithMessage("*card_30d[1]*complete*");
        row.Invoking(r => r.Set(_card.Count, 1)).Should().Throw<InvalidOperationException>();
    }

    [Fact]
    public void Change_OfAnAbandonedRow_HasNoEffect()
    {
        using FeatureRow row = FeatureRow.Rent(_card.View, "1");
        row.Set(_card.Count, 5);
        row.Abandon();

        _card.Fill(row, 7);
        row.SetText(_card.Count, "8");
        row.CompleteFound(_clock.GetUtcNow());

        row.Read().DefaultReason.Should().Be(FeatureDefaultReason.TimedOut);
        row.Timestamp.Should().BeNull();
        _card.CheckDefaults(row.Read());
    }

    [Fact]
    public void SetText_EveryType_ReadsTheInvariantCulture()
    {
        CultureInfo before = CultureInfo.CurrentCulture;
        CultureInfo.CurrentCulture = new CultureInfo("de-DE");
        try
        {
            using FeatureRow row = FeatureRow.Rent(_card.View, "1");
            bool isRead = row.SetText(_card.Average, "1.25") & row.SetUtf8(_card.Total, "-2.5e3"u8) & row.SetText(_card.Count, "-12")
                & row.SetUtf8(_card.Limit, "9000000000"u8) & row.SetText(_card.IsBlocked, "False") & row.SetUtf8(_card.Country, "Österreich"u8)
                & row.SetText(_card.LastUse, "2030-01-02T03:04:05+02:00") & row.SetUtf8(_card.Embedding, "[1.5, -2]"u8);
            row.CompleteFound(null);

            isRead.Should().BeTrue();
            FeatureValues values = row.Read();
            values.Get(_card.Average).Should().Be(1.25f);
            values.Get(_card.Total).Should().Be(-2500);
            values.Get(_card.Count).Should().Be(-12);
            values.Get(_card.Limit).Should().Be(9_000_000_000);
            values.Get(_card.IsBlocked).Should().BeFalse();
            values.Get(_card.Country).Should().Be("Österreich");
            values.Get(_card.LastUse).Should().Be(new DateTimeOffset(2030, 1, 2, 1, 4, 5, TimeSpan.Zero));
            values.Get(_card.Embedding).ToArray().Should().Equal(1.5f, -2);
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }
    }

    [Theory]
    [InlineData("average", "1,5")]
    [InlineData("average", "")]
    [InlineData("total", "much")]
    [InlineData("count", "2147483648")]
    [InlineData("count", "1.5")]
    [InlineData("limit", "9223372036854775808")]
    [InlineData("is_blocked", "yes")]
    [InlineData("last_use", "yesterday")]
    [InlineData("embedding", "1 2 3")]
    [InlineData("embedding", "1")]
    [InlineData("embedding", "1 x")]
    public void SetText_NotOfTheType_FaultsThatFieldOnly(string name, string text)
    {
        FeatureField field = _card.View.FindField(name)!;
        foreach (bool isUtf8 in new[] { false, true })
        {
            using FeatureRow row = FeatureRow.Rent(_card.View, "1");
            _card.Fill(row, 7);
            bool isRead = isUtf8 ? row.SetUtf8(field, Encoding.UTF8.GetBytes(text)) : row.SetText(field, text);
            row.CompleteFound(null);

            isRead.Should().BeFalse();
            row.IsFound.Should().BeTrue();
            foreach (FeatureField other in _card.View.Fields)
            {
                row.Read().GetDefaultReason(other).Should().Be(other == field ? FeatureDefaultReason.WrongType : FeatureDefaultReason.None);
            }
        }
    }

    [Fact]
    public void SetUtf8_LongerThanTheStack_IsRead()
    {
        var vector = new FeatureVectorField("v", 300);
        var view = new FeatureView("long", "card", [vector]);
        using FeatureRow row = FeatureRow.Rent(view, "1");

        row.SetUtf8(vector, Encoding.UTF8.GetBytes(string.Join(",", Enumerable.Range(0, 300)))).Should().BeTrue();
        row.CompleteFound(null);

        row.Read().Get(vector).ToArray().Should().Equal(Enumerable.Range(0, 300).Select(static i => (float)i));
    }

    [Fact]
    public void CopyTo_CompleteRow_CopiesAllAndSharesNothing()
    {
        using FeatureRow source = FeatureRow.Rent(_card.View, "1");
        using FeatureRow target = FeatureRow.Rent(_card.View, "1");
        source.Invoking(s => s.CopyTo(target)).Should().Throw<InvalidOperationException>();
        _card.Fill(source, 7);
        source.CompleteFound(_clock.GetUtcNow(), _clock.GetUtcNow().AddDays(1));
        source.CopyTo(target);
        source.Reset("1");
        _card.Fill(source, 8);

        _card.Check(target.Read(), 7);
        target.ExpiresAt.Should().Be(_clock.GetUtcNow().AddDays(1));
        using FeatureRow foreign = FeatureRow.Rent(new CardFeatures(name: "other").View, "1");
        target.Invoking(t => t.CopyTo(foreign)).Should().Throw<FeatureMismatchException>();
    }
}
