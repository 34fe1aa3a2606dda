namespace RealtimeInference.Core.Tests.Admission;

/// <summary>Settings that cannot work are refused when the limit is added, all of them at once.</summary>
public sealed class ConcurrencyLimitOptionsTests
{
    public static TheoryData<Action<ConcurrencyLimitOptions>, string> Faults => new()
    {
        { static o => o.MinLimit = 0, "MinLimit is 0: at least 1." },
        { static o => o.LongWindow = 0, "LongWindow is 0: at least 1." },
        { static o => o.QueueSize = 0, "QueueSize is 0: at least 1." },
        { static o => o.MaxLimit = 0, "MaxLimit is 0: at least MinLimit, which is 1." },
        { static o => o.InitialLimit = 0, "InitialLimit is 0: between MinLimit, which is 1, and MaxLimit, which is 1000." },
        { static o => o.InitialLimit = 1001, "InitialLimit is 1001: between MinLimit, which is 1, and MaxLimit, which is 1000." },
        { static o => o.Smoothing = 0, "Smoothing is 0: more than 0, at most 1." },
        { static o => o.Smoothing = 1.5, "Smoothing is 1.5: more than 0, at most 1." },
        { static o => o.Smoothing = double.NaN, "Smoothing is NaN: more than 0, at most 1." },
        { static o => o.BulkShare = -0.1, "BulkShare is -0.1: more than 0, at most 1." },
        { static o => o.BulkShare = 1.01, "BulkShare is 1.01: more than 0, at most 1." },
        { static o => o.RttTolerance = 0.9, "RttTolerance is 0.9: a number of at least 1." },
        { static o => o.RttTolerance = double.NaN, "RttTolerance is NaN: a number of at least 1." },
        { static o => o.RttTolerance = double.PositiveInfinity, "RttTolerance is Infinity: a number of at least 1." },
    };

    [Theory]
    [MemberData(nameof(Faults))]
    public void Limit_OptionThatCannotWork_IsRefused(Action<ConcurrencyLimitOptions> configure, string fault)
    {
        string message = "The options of the concurrency limit have faults: " + fault + "*";

        Predictor.For<int>().Invoking(b => b.LimitConcurrency(configure)).Should().Throw<ArgumentException>().WithMessage(message);
        Predictor.For<int>().LimitConcurrency().Invoking(b => b.LimitConcurrency(configure)).Should().Throw<ArgumentException>().WithMessage(message);
        Predictor.For<int>().Stream(static (_, _, _) => AsyncEnumerable.Empty<int>())
            .Invoking(b => b.LimitConcurrency(configure)).Should().Throw<ArgumentException>().WithMessage(message);
    }

    [Fact]
    public void Limit_ManyFaults_AreAllNamed()
    {
        Predictor.For<int>().Invoking(static b => b.LimitConcurrency(static o => (o.MinLimit, o.Smoothing, o.BulkShare, o.LongWindow) = (-1, 2, 0, -5)))
            .Should().Throw<ArgumentException>().Which.Message.Should().ContainAll("MinLimit", "Smoothing", "BulkShare", "LongWindow");
    }

    [Fact]
    public void Limit_Defaults_AreThoseOfTheDocumentation()
    {
        var options = new ConcurrencyLimitOptions();

        (options.InitialLimit, options.MinLimit, options.MaxLimit, options.LongWindow, options.QueueSize).Should().Be((20, 1, 1000, 600, 4));
        (options.Smoothing, options.RttTolerance, options.BulkShare, options.QueueSizeFunction).Should().Be((0.2, 1.5, 0.8, null));
        options.GetFaults().Should().BeEmpty();
    }

    [Fact]
    public void Limit_OptionsChangedLater_HaveNoEffect()
    {
        ConcurrencyLimitOptions? kept = null;
        DecoratedBuilder<int, int> builder = Predictor.For<int>().LimitConcurrency(o => kept = o);
        kept!.InitialLimit = 5;

        builder.Build().GetService(typeof(ConcurrencyLimit)).Should().BeOfType<ConcurrencyLimit>().Which.Limit.Should().Be(20);
    }

    [Fact]
    public void Limit_NoBuilder_IsRefused()
    {
        FluentActions.Invoking(static () => ((PredictorBuilder<int, int>)null!).LimitConcurrency()).Should().Throw<ArgumentNullException>();
        FluentActions.Invoking(static () => ((DecoratedBuilder<int, int>)null!).LimitConcurrency()).Should().Throw<ArgumentNullException>();
        FluentActions.Invoking(static () => ((StreamingPredictorBuilder<int, int>)null!).LimitConcurrency()).Should().Throw<ArgumentNullException>();
    }
}
