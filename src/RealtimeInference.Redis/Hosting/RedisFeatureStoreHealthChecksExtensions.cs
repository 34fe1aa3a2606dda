using Microsoft.Extensions.Diagnostics.HealthChecks;
using RealtimeInference;
using RealtimeInference.Redis;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Adds the health of feature stores over Redis to a host's health checks.</summary>
public static class RedisFeatureStoreHealthChecksExtensions
{
    /// <summary>Checks the store that was added by <c>AddRedisFeatureStore</c> or <c>AddFeastRedisStore</c>.</summary>
    /// <param name="builder">The host's health checks.</param>
    /// <param name="storeName">The name that the store was added with; <see langword="null"/> where it has none.</param>
    /// <param name="name">The name of the check.</param>
    /// <param name="failureStatus">
    /// What the host is while the store is not well; degraded by default, because predictions go on with defaults.
    /// </param>
    /// <param name="tags">Tags that choose the check.</param>
    /// <returns>The builder.</returns>
    public static IHealthChecksBuilder AddRedisFeatureStore(
        this IHealthChecksBuilder builder,
        string? storeName = null,
        string name = "redis-features",
        HealthStatus failureStatus = HealthStatus.Degraded,
        IEnumerable<string>? tags = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        return builder.Add(new HealthCheckRegistration(
            name,
            services => new RedisStoreHealthCheck(Find(services, storeName), TimeProvider.System),
            failureStatus,
            tags));
    }

    private static IRedisStore Find(IServiceProvider services, string? name) =>
        (name is null ? services.GetService<IFeatureStore>() : services.GetKeyedService<IFeatureStore>(name))?.GetService(typeof(IRedisStore)) as IRedisStore
        ?? throw new InvalidOperationException(
            $"There is no feature store over Redis{(name is null ? "" : $" named '{name}'")}. Add one with AddRedisFeatureStore or AddFeastRedisStore.");
}
