namespace RealtimeInference.Benchmarks.Batching;

/// <summary>Adds the forward pass in one of the ways that are compared.</summary>
internal static class GatheringExtensions
{
    public static RunBuilder<TIn, T> Run<TIn, T>(
        this EncodedBuilder<TIn, T> builder, IModel model, Gathering gathering, Action<BatchingOptions>? configure = null) =>
        gathering == Gathering.Unbatched
            ? builder.RunUnbatched(model)
            : builder.Run(model, options =>
            {
                options.MaxBatchSize = gathering == Gathering.OneByOne ? 1 : options.MaxBatchSize;
                configure?.Invoke(options);
            });
}
