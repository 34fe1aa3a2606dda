namespace RealtimeInference;

/// <summary>One entity's row of a view: a store fills it when it is read, and takes from it when it is written. Pooled; nothing is boxed.</summary>
/// <remarks>
/// <para>A row is pending until it is completed, once, by one of the <c>Complete</c> methods; afterwards it cannot be changed until
/// it is reset. A lookup that has run out of time abandons the rows that are still pending: from then on everything that its
/// store does to them has no effect. So a store may be late, but must not touch a row after its read has ended.</para>
/// <para>Not thread-safe but for that: one thread fills a row at a time.</para>
/// </remarks>
public sealed partial class FeatureRow : IDisposable
{
    private const int Pending = 0;
    private const int Found = 1;
    private const int Missing = 2;
    private const int Failed = 3;
    private const int Abandoned = 4;

    // What this row filled itself; its arrays are used again.
    private FeatureRowData? _own;

    // What is read: the row's own, or what a store in this process holds and never changes.
    private FeatureRowData? _data;

    // To be read only once the row is complete: the store that fills a row that was abandoned may be writing them.
    private DateTimeOffset? _timestamp;
    private DateTimeOffset? _expiresAt;
    private Exception? _error;
    private int _state;
    private bool _isExpired;
    private bool _isRented;

    internal FeatureRow(FeatureView view) => View = view;

    /// <summary>Gets the view.</summary>
    public FeatureView View { get; }

    /// <summary>Gets whose row it is; never empty in a read.</summary>
    public EntityKey Key { get; private set; }

    /// <summary>Gets whether the row was completed, or abandoned.</summary>
    public bool IsComplete => Volatile.Read(ref _state) != Pending;

    /// <summary>Gets whether the row was completed with values.</summary>
    public bool IsFound => Volatile.Read(ref _state) == Found;

    /// <summary>Gets when the values were true: the time of the event, or when they were written.</summary>
    /// <value><see langword="null"/> where it is not known, or nothing was found.</value>
    public DateTimeOffset? Timestamp => IsFound ? _timestamp : null;

    /// <summary>Gets when a store forgets the row.</summary>
    /// <value><see langword="null"/> for never.</value>
    public DateTimeOffset? ExpiresAt => IsFound ? _expiresAt : null;

    /// <summary>Gets why the row failed.</summary>
    /// <value><see langword="null"/> unless it was completed as failed.</value>
    public Exception? Error => Volatile.Read(ref _state) == Failed ? _error : null;

    /// <summary>Takes a row from the pool, empty and pending. Dispose it to give it back.</summary>
    /// <param name="view">The view.</param>
    /// <param name="key">Whose row it is.</param>
    /// <returns>A row that nobody else has.</returns>
    public static FeatureRow Rent(FeatureView view, EntityKey key)
    {
        ArgumentNullException.ThrowIfNull(view);
        FeatureRow row = view.Pool.Rent() ?? new FeatureRow(view);
        row._isRented = true;
        row.Key = key;
        return row;
    }

    /// <summary>Empties the row for another entity: it is pending again.</summary>
    /// <param name="key">Whose row it is.</param>
    public void Reset(EntityKey key)
    {
        Clear();
        Key = key;
    }

    /// <summary>Gives the row back to the pool. It must not be used afterwards.</summary>
    public void Dispose()
    {
        if (_isRented)
        {
            _isRented = false;
            Clear();
            View.Pool.Return(this);
        }
    }

    /// <summary>Completes the row with the values that were set; the fields that were not are missing.</summary>
    /// <param name="timestamp">When the values were true; <see langword="null"/> where it is not known.</param>
    /// <param name="expiresAt">When a store is to forget the row; <see langword="null"/> for never.</param>
    /// <exception cref="InvalidOperationException">The row is complete.</exception>
    public void CompleteFound(DateTimeOffset? timestamp, DateTimeOffset? expiresAt = null)
    {
        if (CanChange())
        {
            _timestamp = timestamp;
            _expiresAt = expiresAt;
            Complete(Found);
        }
    }

    /// <summary>Completes the row: there is none for this key.</summary>
    /// <exception cref="InvalidOperationException">The row is complete.</exception>
    public void CompleteMissing()
    {
        if (CanChange())
        {
            Complete(Missing);
        }
    }

    /// <summary>Completes the row: the store cannot tell.</summary>
    /// <param name="error">Why.</param>
    /// <exception cref="InvalidOperationException">The row is complete.</exception>
    public void CompleteFailed(Exception error)
    {
        ArgumentNullException.ThrowIfNull(error);
        if (CanChange())
        {
            _error = error;
            Complete(Failed);
        }
    }

    /// <summary>Copies what this complete row holds into a pending one of the same view, and completes that too.</summary>
    /// <param name="target">The row to fill.</param>
    /// <exception cref="InvalidOperationException">This row is pending, or the other one complete.</exception>
    /// <exception cref="FeatureMismatchException">The rows are of different views.</exception>
    public void CopyTo(FeatureRow target)
    {
        ArgumentNullException.ThrowIfNull(target);
        if (target.View != View)
        {
            throw FeatureMismatchException.OtherView(View, target.View);
        }

        switch (Volatile.Read(ref _state))
        {
            case Found:
                target.CompleteShared(_data is null ? null : _data.Clone(View), Timestamp, ExpiresAt);
                break;
            case Missing:
                target.CompleteMissing();
                break;
            case Failed:
                target.CompleteFailed(_error!);
                break;
            default:
                throw new InvalidOperationException($"The row of {View} is not complete: there is nothing to copy yet.");
        }
    }

    /// <summary>Reads the row: the values that were found, and defaults for the rest.</summary>
    /// <param name="timeProvider">The clock for the age; the system's by default.</param>
    /// <returns>The values; valid until the row is reset or disposed.</returns>
    public FeatureValues Read(TimeProvider? timeProvider = null) => new(this, timeProvider ?? TimeProvider.System);

    /// <inheritdoc/>
    public override string ToString() => $"{View.Name}[{Key}]";

    /// <summary>Gets why every field of the row has its default.</summary>
    internal FeatureDefaultReason DefaultReason => Volatile.Read(ref _state) switch
    {
        Found => _isExpired ? FeatureDefaultReason.Expired : FeatureDefaultReason.None,
        Failed => FeatureDefaultReason.Failed,
        Abandoned => FeatureDefaultReason.TimedOut,
        _ => FeatureDefaultReason.Missing,
    };

    /// <summary>Gets what can be read; null where every field has its default.</summary>
    internal FeatureRowData? Data => DefaultReason == FeatureDefaultReason.None ? _data : null;

    /// <summary>Copies what a found row holds, for a store in this process to keep.</summary>
    internal FeatureRowData CloneData() => _data?.Clone(View) ?? new FeatureRowData(View);

    /// <summary>Takes what a found row holds out of it, for a cache to keep.</summary>
    internal FeatureRowData DetachData()
    {
        FeatureRowData data = _data ?? new FeatureRowData(View);
        _own = data == _own ? null : _own;
        return data;
    }

    /// <summary>Completes the row with values that nobody changes any more.</summary>
    internal void CompleteShared(FeatureRowData? data, DateTimeOffset? timestamp, DateTimeOffset? expiresAt)
    {
        if (CanChange())
        {
            _data = data;
            _timestamp = timestamp;
            _expiresAt = expiresAt;
            Complete(Found);
        }
    }

    /// <summary>Has a complete row count as too old. Called by whoever reads it.</summary>
    internal void Expire() => _isExpired = true;

    /// <summary>Says whose row an empty one is.</summary>
    internal void Start(EntityKey key) => Key = key;

    /// <summary>Gives a row up that is still pending: nothing that a store does to it has an effect any more.</summary>
    internal void Abandon() => Interlocked.CompareExchange(ref _state, Abandoned, Pending);

    /// <summary>Gets the row ready for the next key. Nobody may be filling it any more.</summary>
    private void Clear()
    {
        _own?.Clear(View);
        _data = null;
        _isExpired = false;
        _timestamp = null;
        _expiresAt = null;
        _error = null;
        Key = default;
        Volatile.Write(ref _state, Pending);
    }

    // The values are written before, and this makes them visible: whoever reads looks at the state first.
    private void Complete(int state) => Interlocked.CompareExchange(ref _state, state, Pending);

    private bool CanChange() => Volatile.Read(ref _state) switch
    {
        Pending => true,
        Abandoned => false,
        _ => throw new InvalidOperationException($"The row {this} is complete: a store completes each row once, and sets its fields before."),
    };
}
