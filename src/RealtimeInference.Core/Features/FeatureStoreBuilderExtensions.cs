using Microsoft.Extensions.DependencyInjection;

namespace RealtimeInference;

/// <summary>Adds a feature store to a host.</summary>
public static class FeatureStoreBuilderExtensions
{
    /// <summary>Adds the feature store of the host.</summary>
    /// <param name="builder">The builder.</param>
    /// <param name="build">Builds it when it is first asked for; the container disposes it.</param>
    /// <returns>The builder.</returns>
    /// <remarks>Resolves as <see cref="IFeatureStore"/>, and where it takes rows in also as <see cref="IFeatureWriter"/>.</remarks>
    /// <exception cref="InvalidOperationException">There is one already.</exception>
    public static IRealtimeInferenceBuilder AddFeatureStore(this IRealtimeInferenceBuilder builder, Func<IServiceProvider, IFeatureStore> build)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(build);
        if (builder.Services.Any(static d => !d.IsKeyedService && d.ServiceType == typeof(IFeatureStore)))
        {
            throw new InvalidOperationException("The host has a feature store already. Add another one as a keyed service of your own.");
        }

        builder.Services.AddSingleton(build);
        builder.Services.AddSingleton(static services =>
        {
            IFeatureStore store = services.GetRequiredService<IFeatureStore>();
            return store.GetService(typeof(IFeatureWriter)) as IFeatureWriter
                ?? throw new InvalidOperationException($"The feature store {store.GetType().Name} takes no rows in: it offers no {nameof(IFeatureWriter)}.");
        });
        return builder;
    }
}
