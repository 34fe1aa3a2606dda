namespace RealtimeInference;

/// <summary>Puts a near cache in front of a feature store.</summary>
public static class NearFeatureCacheExtensions
{
    /// <summary>Keeps what the store answers in this process for a while.</summary>
    /// <param name="store">The store.</param>
    /// <param name="options">The settings.</param>
    /// <returns>A store to look features up in.</returns>
    /// <exception cref="ArgumentException">The options have faults; the message names them all.</exception>
    public static NearFeatureCache WithNearCache(this IFeatureStore store, NearFeatureCacheOptions? options = null) => new(store, options);
}
