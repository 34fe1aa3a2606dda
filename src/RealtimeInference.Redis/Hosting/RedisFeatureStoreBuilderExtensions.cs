using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using RealtimeInference.Redis;
using StackExchange.Redis;

namespace RealtimeInference;

/// <summary>Adds feature stores over Redis to a host.</summary>
public static class RedisFeatureStoreBuilderExtensions
{
    /// <summary>Adds a store over the host's <see cref="IConnectionMultiplexer"/>.</summary>
    /// <param name="builder">The builder.</param>
    /// <param name="configure">Changes its options.</param>
    /// <param name="name">The key of its services, where a host has several stores.</param>
    /// <returns>The builder.</returns>
    /// <remarks>
    /// Resolves as <see cref="RedisFeatureStore"/>, <see cref="IFeatureStore"/> and <see cref="IFeatureWriter"/>; keyed where it has a
    /// name. The multiplexer stays the host's: a singleton of it must be among the services, keyed by the same name or unkeyed.
    /// </remarks>
    public static IRealtimeInferenceBuilder AddRedisFeatureStore(
        this IRealtimeInferenceBuilder builder, Action<RedisFeatureStoreOptions>? configure = null, string? name = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        Add(builder.Services, name, services =>
        {
            var options = new RedisFeatureStoreOptions { LoggerFactory = services.GetService<ILoggerFactory>() };
            configure?.Invoke(options);
            return new RedisFeatureStore(FindMultiplexer(services, name), options);
        });
        builder.Services.AddKeyedSingleton<IFeatureWriter>(name, (services, _) => services.GetRequiredKeyedService<RedisFeatureStore>(name));
        return builder;
    }

    /// <summary>Adds a reader of a Feast feature store over the host's <see cref="IConnectionMultiplexer"/>.</summary>
    /// <param name="builder">The builder.</param>
    /// <param name="configure">Sets the project and the join keys.</param>
    /// <param name="name">The key of its services, where a host has several stores.</param>
    /// <returns>The builder.</returns>
    /// <remarks>
    /// Resolves as <see cref="FeastRedisStore"/> and <see cref="IFeatureStore"/>; keyed where it has a name. The multiplexer stays the
    /// host's: a singleton of it must be among the services, keyed by the same name or unkeyed.
    /// </remarks>
    public static IRealtimeInferenceBuilder AddFeastRedisStore(
        this IRealtimeInferenceBuilder builder, Action<FeastRedisStoreOptions> configure, string? name = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(configure);
        Add(builder.Services, name, services =>
        {
            var options = new FeastRedisStoreOptions { LoggerFactory = services.GetService<ILoggerFactory>() };
            configure(options);
            return new FeastRedisStore(FindMultiplexer(services, name), options);
        });
        return builder;
    }

    // A key that is null is no key: the services are the unkeyed ones.
    private static void Add<TStore>(IServiceCollection services, string? name, Func<IServiceProvider, TStore> create)
        where TStore : class, IFeatureStore
    {
        services.AddKeyedSingleton(name, (provider, _) => create(provider));
        services.AddKeyedSingleton<IFeatureStore>(name, (provider, _) => provider.GetRequiredKeyedService<TStore>(name));
    }

    private static IConnectionMultiplexer FindMultiplexer(IServiceProvider services, string? name) =>
        (name is null ? null : services.GetKeyedService<IConnectionMultiplexer>(name))
        ?? services.GetService<IConnectionMultiplexer>()
        ?? throw new InvalidOperationException(
            "The feature store needs a connection to Redis: add an IConnectionMultiplexer to the host's services as a singleton, " +
            "such as ConnectionMultiplexer.Connect(\"localhost\").");
}
