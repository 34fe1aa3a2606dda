namespace RealtimeInference;

/// <summary>Ways to write features.</summary>
public static class FeatureWriterExtensions
{
    /// <summary>Writes one row.</summary>
    /// <param name="writer">The writer.</param>
    /// <param name="view">The view.</param>
    /// <param name="key">Whose row it is.</param>
    /// <param name="fill">Sets the fields; must not keep the row.</param>
    /// <param name="timestamp">When the values were true.</param>
    /// <param name="expiresAt">When the row is to be forgotten; <see langword="null"/> for never.</param>
    /// <param name="cancellationToken">Gives the write up.</param>
    /// <returns>Whether it was stored: not if there is a newer one.</returns>
    public static async ValueTask<bool> WriteAsync(
        this IFeatureWriter writer,
        FeatureView view,
        EntityKey key,
        Action<FeatureRow> fill,
        DateTimeOffset timestamp,
        DateTimeOffset? expiresAt = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(writer);
        ArgumentNullException.ThrowIfNull(fill);
        using FeatureRow row = FeatureRow.Rent(view, key);
        fill(row);
        row.CompleteFound(timestamp, expiresAt);
        return await writer.WriteAsync(new[] { row }, cancellationToken).ConfigureAwait(false) == 1;
    }
}
