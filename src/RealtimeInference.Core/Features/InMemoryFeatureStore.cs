using System.Collections.Concurrent;

namespace RealtimeInference;

/// <summary>Features in the memory of this process: the embedded default. Thread-safe.</summary>
/// <remarks>
/// Reads are synchronous, take no lock and copy nothing: a reader sees a row as it was written, as a whole. What expires goes bit by bit as new rows
/// come in; <see cref="RemoveExpired"/> removes it at once.
/// </remarks>
public sealed partial class InMemoryFeatureStore : IFeatureStore, IFeatureWriter
{
    private readonly FeatureTable<StoredFeatures> _table;
    private readonly TimeProvider _timeProvider;

    // The views that rows came with: to tell a row that is not there from a view that was made twice.
    private readonly ConcurrentDictionary<string, FeatureView> _views = new(StringComparer.Ordinal);

    /// <summary>Initializes a new instance of the <see cref="InMemoryFeatureStore"/> class.</summary>
    /// <param name="options">The settings.</param>
    /// <exception cref="ArgumentException">The options have faults; the message names them all.</exception>
    public InMemoryFeatureStore(InMemoryFeatureStoreOptions? options = null)
    {
        options ??= new InMemoryFeatureStoreOptions();
        options.ThrowIfFaulty();
        TimeProvider timeProvider = _timeProvider = options.TimeProvider;
        _table = new FeatureTable<StoredFeatures>(options.MaxRows, row => row.IsExpired(timeProvider));
    }

    /// <summary>Gets how many rows there are, also expired ones that are not removed yet.</summary>
    public int Count => _table.Count;

    /// <inheritdoc/>
    public ValueTask ReadAsync(ReadOnlyMemory<FeatureRow> rows, CancellationToken cancellationToken)
    {
        foreach (FeatureRow row in rows.Span)
        {
            if (_table.TryGet(new FeatureRowKey(row.View, row.Key), out StoredFeatures? stored) && !stored.IsExpired(_timeProvider))
            {
                row.CompleteShared(stored.Data, stored.Timestamp, stored.ExpiresAt);
            }
            else if (_views.TryGetValue(row.View.Name, out FeatureView? known) && known != row.View)
            {
                row.CompleteFailed(FeatureMismatchException.OtherView(known, row.View));
            }
            else
            {
                row.CompleteMissing();
            }
        }

        return ValueTask.CompletedTask;
    }

    /// <inheritdoc/>
    /// <exception cref="FeatureMismatchException">A row is of another view than an earlier one whose view has the same name.</exception>
    public ValueTask<int> WriteAsync(ReadOnlyMemory<FeatureRow> rows, CancellationToken cancellationToken = default)
    {
        foreach (FeatureRow row in rows.Span)
        {
            if (row is not { IsFound: true, Timestamp: not null, Key.IsEmpty: false })
            {
                throw new ArgumentException(
                    $"The row {row} cannot be stored: complete it with {nameof(FeatureRow.CompleteFound)} and a timestamp, and give it a key.", nameof(rows));
            }

            Register(row.View);
        }

        int stored = 0;
        foreach (FeatureRow row in rows.Span)
        {
            // A copy: the row goes back to its pool.
            var entry = new StoredFeatures(row.CloneData(), row.Timestamp!.Value, row.ExpiresAt);
            stored += Put(row.View, row.Key, entry) ? 1 : 0;
        }

        return new ValueTask<int>(stored);
    }

    /// <inheritdoc/>
    public ValueTask<bool> RemoveAsync(FeatureView view, EntityKey key, CancellationToken cancellationToken = default) => new(Remove(view, key));

    /// <summary>Removes a row, if there is one.</summary>
    /// <param name="view">The view.</param>
    /// <param name="key">The key.</param>
    /// <returns>Whether there was one.</returns>
    public bool Remove(FeatureView view, EntityKey key)
    {
        ArgumentNullException.ThrowIfNull(view);
        return _table.Remove(new FeatureRowKey(view, key));
    }

    /// <summary>Removes all rows that have expired. Writers wait meanwhile; readers do not.</summary>
    /// <returns>How many there were.</returns>
    public int RemoveExpired() => _table.RemoveDead();

    private bool Put(FeatureView view, EntityKey key, StoredFeatures entry) =>
        _table.Put(new FeatureRowKey(view, key), entry, StoredFeatures.IsNotOlder);

    private void Register(FeatureView view)
    {
        FeatureView known = _views.GetOrAdd(view.Name, view);
        if (known != view)
        {
            throw FeatureMismatchException.OtherView(known, view);
        }
    }
}
