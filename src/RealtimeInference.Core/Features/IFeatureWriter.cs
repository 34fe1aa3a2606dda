namespace RealtimeInference;

/// <summary>Takes in what jobs and event flows compute. Implementations are thread-safe.</summary>
public interface IFeatureWriter
{
    /// <summary>Stores rows, each as a whole: a field that is not set is missing from then on.</summary>
    /// <param name="rows">
    /// Rows that were completed as found, with a timestamp. One that is older than the stored row of the same view and key is left
    /// out, so that events may come in any order; one of the same age replaces it.
    /// </param>
    /// <param name="cancellationToken">Gives the write up; rows may have been stored.</param>
    /// <returns>A task that ends when the rows can be read, and then gives how many were stored; they are the caller's again.</returns>
    /// <exception cref="ArgumentException">A row is not complete, has no timestamp, or no key.</exception>
    ValueTask<int> WriteAsync(ReadOnlyMemory<FeatureRow> rows, CancellationToken cancellationToken = default);

    /// <summary>Removes a row, if there is one.</summary>
    /// <param name="view">The view.</param>
    /// <param name="key">The key.</param>
    /// <param name="cancellationToken">Gives it up.</param>
    /// <returns>Whether there was one.</returns>
    ValueTask<bool> RemoveAsync(FeatureView view, EntityKey key, CancellationToken cancellationToken = default);
}
