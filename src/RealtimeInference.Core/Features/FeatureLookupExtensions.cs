namespace RealtimeInference;

/// <summary>Adds the lookup of features to a pipeline.</summary>
public static class FeatureLookupExtensions
{
    /// <summary>Adds the lookup of one row, within a time budget. What the store does not give in time has its default, or fails, as the view says.</summary>
    /// <typeparam name="TIn">The type of a request.</typeparam>
    /// <typeparam name="T">The type of the value that names the entity.</typeparam>
    /// <typeparam name="TNext">The type of value and features together.</typeparam>
    /// <param name="builder">The pipeline.</param>
    /// <param name="store">The store; the predictor borrows it and never disposes it.</param>
    /// <param name="view">The view.</param>
    /// <param name="getKey">Names the entity; thread-safe. An empty key has a row that is missing.</param>
    /// <param name="join">Puts the value and its features together; thread-safe.</param>
    /// <param name="options">The time budget.</param>
    /// <returns>The longer pipeline.</returns>
    /// <exception cref="ArgumentException">The options have faults; the message names them all.</exception>
    public static PredictorBuilder<TIn, TNext> LookupFeatures<TIn, T, TNext>(
        this PredictorBuilder<TIn, T> builder,
        IFeatureStore store,
        FeatureView view,
        Func<T, EntityKey> getKey,
        Func<T, FeatureValues, TNext> join,
        FeatureLookupOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(store);
        ArgumentNullException.ThrowIfNull(view);
        ArgumentNullException.ThrowIfNull(getKey);
        ArgumentNullException.ThrowIfNull(join);
        options = (options ?? new FeatureLookupOptions()).CheckAndCopy();
        return builder.AppendStage(new SingleFeatureStage<T, TNext>(store, view, getKey, join, options), store);
    }

    /// <summary>Adds the lookup of several views and entities in one read, within a time budget.</summary>
    /// <typeparam name="TIn">The type of a request.</typeparam>
    /// <typeparam name="T">The type of the value that names the entities.</typeparam>
    /// <typeparam name="TNext">The type of value and features together.</typeparam>
    /// <param name="builder">The pipeline.</param>
    /// <param name="store">The store; the predictor borrows it and never disposes it.</param>
    /// <param name="lookup">Says which features a request needs.</param>
    /// <param name="join">Puts the value and its features together; thread-safe.</param>
    /// <param name="options">The time budget.</param>
    /// <returns>The longer pipeline.</returns>
    /// <exception cref="ArgumentException">The options have faults, or the lookup is empty.</exception>
    public static PredictorBuilder<TIn, TNext> LookupFeatures<TIn, T, TNext>(
        this PredictorBuilder<TIn, T> builder,
        IFeatureStore store,
        Action<FeatureLookupBuilder<T>> lookup,
        Func<T, FeatureRows, TNext> join,
        FeatureLookupOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(store);
        ArgumentNullException.ThrowIfNull(lookup);
        ArgumentNullException.ThrowIfNull(join);
        options = (options ?? new FeatureLookupOptions()).CheckAndCopy();
        var lookupBuilder = new FeatureLookupBuilder<T>();
        lookup(lookupBuilder);
        return builder.AppendStage(new MultiFeatureStage<T, TNext>(store, lookupBuilder.ToParts(), join, options), store);
    }
}
