namespace RealtimeInference;

/// <summary>A row as the store in this process holds it. Immutable.</summary>
/// <param name="data">The values.</param>
/// <param name="timestamp">When they were true.</param>
/// <param name="expiresAt">When they are forgotten.</param>
internal sealed class StoredFeatures(FeatureRowData data, DateTimeOffset timestamp, DateTimeOffset? expiresAt)
{
    // An older row never takes the place of a newer one, in whatever order they come.
    public static readonly Func<StoredFeatures, StoredFeatures, bool> IsNotOlder = static (old, row) => row.Timestamp >= old.Timestamp;

    public FeatureRowData Data { get; } = data;

    public DateTimeOffset Timestamp { get; } = timestamp;

    public DateTimeOffset? ExpiresAt { get; } = expiresAt;

    // Reads the clock only for a row that expires.
    public bool IsExpired(TimeProvider timeProvider) => ExpiresAt is { } end && end <= timeProvider.GetUtcNow();
}
