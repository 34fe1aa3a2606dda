using System.Diagnostics.CodeAnalysis;

namespace RealtimeInference;

/// <summary>The rows of one lookup, and the read that fills them. Pooled; the rows stay with it.</summary>
/// <remarks>
/// It belongs to its prediction. If that leaves the read behind, it belongs to both, and goes back to its pool when the second of
/// them is done with it: so a late store always writes into rows that nobody else was given.
/// </remarks>
[SuppressMessage("Design", "CA1001:Types that own disposable fields should be disposable", Justification = "A source without a timer or a handle holds nothing that must be freed, and a store that is late may still use its token.")]
internal sealed class FeatureLookup
{
#if DEBUG
    private const int InitialRows = 1;
    private const int MaxKeptRows = 32;
#else
    private const int InitialRows = 1;

    // A large ranking is rare: its rows are not kept for the small ones that follow.
    private const int MaxKeptRows = 1024;
#endif

    private readonly FeatureView[] _views;

    // For each view of the lookup its rows, the first so many of them in use.
    private readonly FeatureRow[][] _rows;
    private readonly int[] _counts;

    // The rows that the store is asked for: all that have a key.
    private FeatureRow[] _asked = new FeatureRow[InitialRows];
    private int _askedCount;
    private CancellationTokenSource _cancellation = new();
    private int _owners;

    public FeatureLookup(FeatureView[] views)
    {
        _views = views;
        _rows = [.. views.Select(static view => new[] { new FeatureRow(view) })];
        _counts = new int[views.Length];
    }

    /// <summary>Gets the rows to ask the store for.</summary>
    public ReadOnlyMemory<FeatureRow> Asked => _asked.AsMemory(0, _askedCount);

    /// <summary>Gets or sets how the gate counts the read that was left behind.</summary>
    public ReadTicket Ticket { get; set; }

    public void Add(int part, EntityKey key)
    {
        ref FeatureRow[] rows = ref _rows[part];
        int index = _counts[part];
        if (index == rows.Length)
        {
            Array.Resize(ref rows, rows.Length * 2);
        }

        FeatureRow row = rows[index] ??= new FeatureRow(_views[part]);
        _counts[part] = index + 1;
        row.Start(key);
        if (key.IsEmpty)
        {
            row.CompleteMissing();
            return;
        }

        if (_askedCount == _asked.Length)
        {
            Array.Resize(ref _asked, _asked.Length * 2);
        }

        _asked[_askedCount++] = row;
    }

    /// <summary>Starts the read. Whatever happens comes out of the task.</summary>
    public ValueTask ReadAsync(IFeatureStore store)
    {
        _owners = 1;
        try
        {
            return store.ReadAsync(Asked, _cancellation.Token);
        }
        catch (Exception exception)
        {
            return ValueTask.FromException(exception);
        }
    }

    /// <summary>The read has ended: rows that it did not complete have failed.</summary>
    public void EndRead(Exception? error)
    {
        foreach (FeatureRow row in Asked.Span)
        {
            if (!row.IsComplete)
            {
                row.CompleteFailed(error ?? new InvalidOperationException(
                    $"The store ended the read without completing the row {row}. A store completes each row: as found, missing or failed."));
            }
        }
    }

    /// <summary>Gives up the rows that are still pending.</summary>
    public void AbandonRows()
    {
        foreach (FeatureRow row in Asked.Span)
        {
            row.Abandon();
        }
    }

    /// <summary>Leaves the read behind, which then shares the lookup until it has ended.</summary>
    public void LeaveRead()
    {
        AbandonRows();
        _owners = 2;
    }

    /// <summary>Tells the store that nobody waits.</summary>
    public void CancelRead()
    {
        // Not on this thread, which has a prediction to go on with: what the store does about it may take its time, or fail.
        Task cancelling = _cancellation.CancelAsync();
        if (!cancelling.IsCompletedSuccessfully)
        {
            cancelling.ContinueWith(
                static task => _ = task.Exception, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
        }
    }

    /// <summary>One of the owners is done.</summary>
    /// <returns>Whether it was the last: then the lookup can be used again.</returns>
    public bool Release()
    {
        if (Volatile.Read(ref _owners) > 1 && Interlocked.Decrement(ref _owners) > 0)
        {
            return false;
        }

        Clear();
        return true;
    }

    public FeatureRow GetRow(FeatureView view, int index)
    {
        ArgumentNullException.ThrowIfNull(view);
        int before = 0;
        bool isKnown = false;
        for (int part = 0; part < _views.Length; part++)
        {
            if (_views[part] == view)
            {
                isKnown = true;
                if (index >= before && index - before < _counts[part])
                {
                    return _rows[part][index - before];
                }

                before += _counts[part];
            }
        }

        throw isKnown
            ? new ArgumentOutOfRangeException(nameof(index), index, $"The request has {before} rows of the view '{view.Name}'.")
            : FeatureMismatchException.NotLookedUp(view, _views);
    }

    public int CountRows(FeatureView view)
    {
        ArgumentNullException.ThrowIfNull(view);
        int count = 0;
        bool isKnown = false;
        for (int part = 0; part < _views.Length; part++)
        {
            if (_views[part] == view)
            {
                isKnown = true;
                count += _counts[part];
            }
        }

        return isKnown ? count : throw FeatureMismatchException.NotLookedUp(view, _views);
    }

    /// <summary>Judges every row: what is too old, what the context is told, and what may not be.</summary>
    public void Judge(PredictionContext context)
    {
        FeatureRecord? record = context.IsTimed ? FeatureRecord.Of(context) : null;
        var judge = new FeatureJudge(context, record);
        for (int part = 0; part < _views.Length; part++)
        {
            foreach (FeatureRow row in _rows[part].AsSpan(0, _counts[part]))
            {
                judge.Judge(row);
            }
        }

        judge.ThrowIfAny();
    }

    private void Clear()
    {
        for (int part = 0; part < _rows.Length; part++)
        {
            foreach (FeatureRow row in _rows[part].AsSpan(0, _counts[part]))
            {
                row.Reset(default);
            }

            _counts[part] = 0;
            if (_rows[part].Length > MaxKeptRows)
            {
                _rows[part] = [new FeatureRow(_views[part])];
            }
        }

        if (_asked.Length > MaxKeptRows)
        {
            _asked = new FeatureRow[InitialRows];
        }

        _askedCount = 0;

        // What a store has left registered with the token must not outlive its read.
        if (!_cancellation.TryReset())
        {
            _cancellation = new CancellationTokenSource();
        }
    }
}
