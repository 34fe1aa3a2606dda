namespace RealtimeInference;

/// <summary>Chooses examples of similar length, so that little of a batch is padding.</summary>
internal static class SimilarRows
{
    // Below this a batch is too small to be split over padding: the fixed cost of one more run is larger.
    private const long AlwaysWorth = 64;

    /// <summary>Moves examples into a batch: the first always, then those that fit it, nearest in length first.</summary>
    /// <param name="window">The candidates, most urgent first; those that are taken are removed.</param>
    /// <param name="batch">The batch, empty.</param>
    /// <param name="limit">The most that it takes.</param>
    /// <param name="settings">The limits.</param>
    public static void Choose(List<BatchRequest> window, Batch batch, int limit, BatchSettings settings)
    {
        BatchRequest seed = window[0];
        batch.Add(seed);
        long longest = seed.Elements;
        long useful = seed.Elements;
        if (limit > 1 && window.Count > 1)
        {
            BatchRequest[] near = [.. window.Skip(1)
                .Where(r => BatchRows.CanShare(seed, r, settings))
                .OrderBy(r => Math.Abs(r.Elements - seed.Elements))];
            foreach (BatchRequest request in near)
            {
                long width = Math.Max(longest, request.Elements);
                long whole = width * (batch.Count + 1);
                long padding = whole - useful - request.Elements;
                if (batch.Count == limit || whole > settings.MaxBatchElements)
                {
                    break;
                }

                if (padding > AlwaysWorth && padding > settings.MaxPadding * whole)
                {
                    continue;
                }

                batch.Add(request);
                longest = width;
                useful += request.Elements;
            }
        }

        window.RemoveAll(r => ReferenceEquals(r.Batch, batch));
    }
}
