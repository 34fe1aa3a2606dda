using Microsoft.Extensions.Caching.Hybrid;
using Microsoft.Extensions.DependencyInjection;

namespace RealtimeInference.Core.Tests.Caching;

public sealed class OptionsTests
{
    [Fact]
    public void Cache_EverythingIsWrong_NamesAllFaultsAtOnce()
    {
        FluentActions.Invoking(static () => Predictor.For<int>().Transform(static x => x).Cache(static x => new[] { x }, static o =>
            {
                o.SizeLimit = 0;
                o.TimeToLive = TimeSpan.Zero;
                o.Jitter = 1;
                o.SecondLevel = CreateHybrid();
                o.SecondLevelTimeToLive = TimeSpan.FromSeconds(-1);
                o.SecondLevelTimeout = TimeSpan.FromHours(1);
            }))
            .Should().Throw<ArgumentException>().Which.Message.Should()
            .Contain("SizeLimit is 0").And.Contain("TimeToLive is 00:00:00").And.Contain("Jitter is 1").And.Contain("SecondLevel needs Name")
            .And.Contain("SecondLevelTimeToLive is -00:00:01").And.Contain("SecondLevelTimeout is 01:00:00").And.Contain("arrays").And.Contain("SecondLevelKey");
    }

    [Theory]
    [InlineData(double.NaN)]
    [InlineData(-0.1)]
    public void Cache_JitterOutOfRange_IsRefused(double jitter)
    {
        FluentActions.Invoking(() => Predictor.For<int>().Preprocess(static (_, _) => { }).Cache(o => o.Jitter = jitter))
            .Should().Throw<ArgumentException>().WithMessage("*Jitter*");
    }

    [Fact]
    public void Cache_SecondLevelForKeysWithoutText_NeedsOne()
    {
        DecoratedBuilder<DateTime, int> Add(Func<DateTime, string>? toText) => Predictor.For<DateTime>().Transform(static x => x.Day)
            .Cache(static x => x, o => (o.SecondLevel, o.Name, o.SecondLevelKey) = (CreateHybrid(), "days", toText));

        FluentActions.Invoking(() => Add(null)).Should().Throw<ArgumentException>().WithMessage("*SecondLevelKey*DateTime*");
        Add(static x => $"{x.Ticks}").Build().Should().NotBeNull();
    }

    [Fact]
    public async Task Cache_OptionsChangedLater_HaveNoEffect()
    {
        PredictionCacheOptions<int>? kept = null;
        int runs = 0;
        DecoratedBuilder<int, int> builder = Predictor.For<int>().Transform(x => ++runs).Cache(static x => x, o => kept = o);
        kept!.GetSize = static _ => throw new FormatException();
        IPredictor<int, int> predictor = builder.Build();

        await predictor.PredictAsync(1);
        await predictor.PredictAsync(1);

        runs.Should().Be(1);
    }

    private static HybridCache CreateHybrid()
    {
        var services = new ServiceCollection();
        services.AddHybridCache();
        return services.BuildServiceProvider().GetRequiredService<HybridCache>();
    }
}
