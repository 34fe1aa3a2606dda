namespace RealtimeInference;

/// <summary>One read of the store behind a near cache: the rows that nobody else is fetching already.</summary>
internal sealed class FeatureFetch(ReadTicket ticket) : IDisposable
{
    // Others run when it is done, each with its own work to go on with: not one after another on the store's thread.
    private readonly TaskCompletionSource _done = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly CancellationTokenSource _cancellation = new();
    private FeatureRow[] _rows = [];

    public ReadTicket Ticket { get; set; } = ticket;

    public List<FeatureFlight> Flights { get; } = [];

    /// <summary>Gets what ends, always well, when every flight has its result.</summary>
    public Task Done => _done.Task;

    /// <summary>Starts the read. Whatever happens comes out of the task.</summary>
    public ValueTask ReadAsync(IFeatureStore store)
    {
        _rows = new FeatureRow[Flights.Count];
        for (int i = 0; i < _rows.Length; i++)
        {
            _rows[i] = Flights[i].Row = FeatureRow.Rent(Flights[i].Key.View, Flights[i].Key.Key);
        }

        try
        {
            return store.ReadAsync(_rows, _cancellation.Token);
        }
        catch (Exception exception)
        {
            return ValueTask.FromException(exception);
        }
    }

    public void SetDone() => _done.SetResult();

    /// <summary>Tells the store that nobody waits.</summary>
    public void Cancel() => _cancellation.CancelAsync().ContinueWith(
        static task => _ = task.Exception, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);

    /// <summary>Gives the rows back. Only once the read has ended.</summary>
    public void Dispose()
    {
        foreach (FeatureRow row in _rows)
        {
            row.Dispose();
        }

        _cancellation.Dispose();
    }
}

/// <summary>One row on its way from the store; everyone who asks for it meanwhile waits for the same.</summary>
internal sealed class FeatureFlight(FeatureRowKey key, FeatureFetch fetch)
{
    private CachedFeatures? _result;
    private Exception? _error;

    public FeatureRowKey Key { get; } = key;

    public FeatureFetch Fetch { get; } = fetch;

    public FeatureRow Row { get; set; } = null!;

    /// <summary>Gets or sets whether the row was invalidated meanwhile: what comes may be from before, and is not kept.</summary>
    public bool IsInvalidated { get; set; }

    public void Land(CachedFeatures? result, Exception? error)
    {
        _result = result;
        _error = error;
    }

    /// <summary>Hands the result on. Only once the fetch is done.</summary>
    public void Deliver(FeatureRow row)
    {
        if (_result is not null)
        {
            _result.CopyTo(row);
        }
        else
        {
            row.CompleteFailed(_error!);
        }
    }
}
