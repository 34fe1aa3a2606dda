namespace RealtimeInference;

/// <summary>The examples of one run, and after it the list of callers to be resumed. Kept by its slot from run to run.</summary>
internal sealed class Batch(int capacity)
{
    private const int NotYet = int.MaxValue / 2;

    // A struct around each, so that storing one needs no check of its type.
    private readonly Member[] _requests = new Member[capacity];
    private readonly Lock _gate = new();
    private CancellationTokenSource? _end;
    private bool _isRunning;
    private int _next;

    /// <summary>Gets the number of examples.</summary>
    public int Count { get; private set; }

    /// <summary>Gets how many callers have been taken to be resumed.</summary>
    public int Resumed => Volatile.Read(ref _next) is var next && next < NotYet ? Math.Min(next, Count) : 0;

    /// <summary>Gets how many times this was used: tells one use from the next.</summary>
    public int Uses { get; private set; }

    /// <summary>Gets whether some caller may give up during the run.</summary>
    public bool CanBeEnded { get; private set; }

    /// <summary>Gets or sets whether two threads resume its callers, so that it must not be used again.</summary>
    public bool IsShared { get; set; }

    /// <summary>Gets or sets whether some example is timed.</summary>
    public bool IsTimed { get; set; }

    public BatchRequest this[int index] => _requests[index].Request!;

    public ReadOnlySpan<Member> Members => _requests.AsSpan(0, Count);

    public void Clear()
    {
        _requests.AsSpan(0, Count).Clear();
        Count = 0;
        CanBeEnded = false;
        IsTimed = false;
        Uses++;

        // Nobody is resumed before the run has ended.
        Volatile.Write(ref _next, NotYet);
    }

    public void Add(BatchRequest request)
    {
        request.Batch = this;
        CanBeEnded |= request.CanBeWithdrawn;
        IsTimed |= request.Context is not null;
        _requests[Count++].Request = request;
    }

    /// <summary>Marks the run as under way.</summary>
    /// <returns>What ends it when nobody waits for it any more.</returns>
    public CancellationToken BeginRun()
    {
        if (!CanBeEnded)
        {
            return CancellationToken.None;
        }

        lock (_gate)
        {
            _end ??= new CancellationTokenSource();
            _isRunning = true;
        }

        // One that withdrew just before found no run to end.
        EndIfNobodyWaits();
        return _end.Token;
    }

    public void EndRun()
    {
        if (CanBeEnded)
        {
            lock (_gate)
            {
                _isRunning = false;
                if (_end!.IsCancellationRequested)
                {
                    _end.Dispose();
                    _end = null;
                }
            }
        }
    }

    public void EndIfNobodyWaits()
    {
        lock (_gate)
        {
            if (!_isRunning)
            {
                return;
            }

            foreach (Member member in Members)
            {
                if (!member.Request!.IsWithdrawn)
                {
                    return;
                }
            }

            _end!.Cancel();
        }
    }

    /// <summary>During the run: lets go those whose deadline has passed.</summary>
    public void Expire()
    {
        lock (_gate)
        {
            for (int i = 0; _isRunning && i < Count; i++)
            {
                _requests[i].Request!.TryExpire();
            }
        }
    }

    /// <summary>Keeps only claimed requests, which all have their results, and lets them be resumed.</summary>
    public void BeginResume(int claimed)
    {
        Count = claimed;
        Volatile.Write(ref _next, 0);
    }

    public void Keep(int index, BatchRequest request) => _requests[index].Request = request;

    /// <summary>Takes the next caller to be resumed. Several threads may.</summary>
    public BatchRequest? TakeNext()
    {
        int index = Interlocked.Increment(ref _next) - 1;
        if (index >= Count)
        {
            return null;
        }

        // The caller gives its request back to the pool, so this must not hold it.
        BatchRequest request = _requests[index].Request!;
        _requests[index].Request = null;
        return request;
    }

    internal struct Member
    {
        public BatchRequest? Request;
    }
}
