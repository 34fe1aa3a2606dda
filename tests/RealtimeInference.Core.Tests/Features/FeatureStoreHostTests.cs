using Microsoft.Extensions.DependencyInjection;

namespace RealtimeInference.Core.Tests.Features;

public sealed class FeatureStoreHostTests
{
    [Fact]
    public void AddFeatureStore_StoreBehindANearCache_ResolvesBoth()
    {
        var services = new ServiceCollection();
        services.AddRealtimeInference().AddFeatureStore(static _ => new InMemoryFeatureStore().WithNearCache());
        using ServiceProvider provider = services.BuildServiceProvider();

        provider.GetRequiredService<IFeatureStore>().Should().BeOfType<NearFeatureCache>().And.BeSameAs(provider.GetRequiredService<IFeatureStore>());
        provider.GetRequiredService<IFeatureWriter>().Should().BeOfType<InMemoryFeatureStore>();
    }

    [Fact]
    public void AddFeatureStore_TwiceOrReadOnly_SaysSo()
    {
        IRealtimeInferenceBuilder builder = new ServiceCollection().AddRealtimeInference()
            .AddFeatureStore(static _ => FakeStore.Answering(static row => row.CompleteMissing()));
        using ServiceProvider provider = builder.Services.BuildServiceProvider();

        builder.Invoking(static b => b.AddFeatureStore(static _ => new InMemoryFeatureStore())).Should().Throw<InvalidOperationException>();
        provider.Invoking(static p => p.GetRequiredService<IFeatureWriter>()).Should().Throw<InvalidOperationException>().WithMessage("*FakeStore*IFeatureWriter*");
    }
}
