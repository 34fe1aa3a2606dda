namespace RealtimeInference;

/// <summary>How far predictions of many items have come. An item counts once the consumer is done with its result.</summary>
/// <param name="Completed">How many items are done, those that failed included; skipped ones do not count.</param>
/// <param name="Failed">How many of them failed.</param>
/// <param name="TotalCount">How many items the source has, skipped ones included, if that is known.</param>
/// <param name="Elapsed">How long it has taken so far.</param>
/// <param name="ItemsPerSecond">How many items were done per second, on average.</param>
/// <param name="TimeLeft">How long the rest takes at that rate, if the number of items is known and one is done.</param>
/// <param name="NextIndex">
/// The smallest index that is not done: as <see cref="PredictManyOptions{TIn, TOut}.StartIndex"/> of a later call it resumes
/// without leaving anything out.
/// </param>
public readonly record struct PredictManyProgress(
    long Completed,
    long Failed,
    long? TotalCount,
    TimeSpan Elapsed,
    double ItemsPerSecond,
    TimeSpan? TimeLeft,
    long NextIndex);
