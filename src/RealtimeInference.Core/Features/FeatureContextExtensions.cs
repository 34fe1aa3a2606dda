namespace RealtimeInference;

/// <summary>What a prediction's context says about the features that were looked up.</summary>
public static class FeatureContextExtensions
{
    extension(PredictionContext context)
    {
        /// <summary>Gets each row that was looked up, and each field that has its default though its row was found, in order.</summary>
        /// <value>
        /// Valid until the context is disposed. Written down only where somebody can read it: a decorator, a stage that gets the context, or a
        /// caller who brought it along. <see cref="PredictionContext.HasDefaultedFeatures"/> is always known.
        /// </value>
        public ReadOnlySpan<FeatureUse> Features => context.Record is FeatureRecord record ? record.Uses : default;
    }
}
