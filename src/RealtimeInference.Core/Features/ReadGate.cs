namespace RealtimeInference;

/// <summary>Counts the reads of a store that have not ended, so that one that never answers has only so many.</summary>
/// <remarks>
/// Beyond the bound one read at a time is tried now and then. If that ends in time the store is back, and the reads that were
/// abandoned before are written off: nobody knows whether they ever end.
/// </remarks>
internal sealed class ReadGate(int maxOpen)
{
    private static readonly TimeSpan s_firstPause = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan s_longestPause = TimeSpan.FromMinutes(1);

    private readonly Lock _lock = new();
    private int _open;
    private int _abandoned;

    // Counts how often abandoned reads were written off.
    private int _era;
    private TimeSpan _pause = s_firstPause;
    private long _pausedSince;

    /// <summary>Gets how many reads have not ended, but for those that were written off.</summary>
    public int Open => Volatile.Read(ref _open);

    /// <summary>Gets whether a read must ask for leave before it starts.</summary>
    public bool IsFull => Volatile.Read(ref _open) >= maxOpen;

    /// <summary>Counts a read that has started, and did not end at once.</summary>
    public ReadTicket Enter(TimeProvider timeProvider)
    {
        lock (_lock)
        {
            if (++_open >= maxOpen)
            {
                _pausedSince = timeProvider.GetTimestamp();
                _pause = s_firstPause;
            }

            return new ReadTicket(_era, isProbe: false);
        }
    }

    /// <summary>Asks for leave to start a read beyond the bound.</summary>
    public bool TryProbe(TimeProvider timeProvider, out ReadTicket ticket)
    {
        lock (_lock)
        {
            ticket = new ReadTicket(_era, isProbe: true);
            if (timeProvider.GetElapsedTime(_pausedSince) < _pause)
            {
                return false;
            }

            _open++;
            _pausedSince = timeProvider.GetTimestamp();
            _pause = _pause * 2 < s_longestPause ? _pause * 2 : s_longestPause;
            return true;
        }
    }

    /// <summary>Nobody waits for the read any more; it may end yet.</summary>
    /// <returns>The ticket that it ends with.</returns>
    public ReadTicket Abandon(ReadTicket ticket)
    {
        lock (_lock)
        {
            _abandoned++;
            return new ReadTicket(_era, ticket.IsProbe);
        }
    }

    /// <summary>The read has ended.</summary>
    public void Exit(ReadTicket ticket, bool wasAbandoned)
    {
        lock (_lock)
        {
            if (!wasAbandoned)
            {
                _open--;
                if (ticket.IsProbe && _abandoned > 0)
                {
                    _open -= _abandoned;
                    _abandoned = 0;
                    _era++;
                }
            }
            else if (ticket.Era == _era)
            {
                _open--;
                _abandoned--;
            }
        }
    }
}

/// <summary>One read, as the gate counts it.</summary>
internal readonly struct ReadTicket(int era, bool isProbe)
{
    public int Era { get; } = era;

    public bool IsProbe { get; } = isProbe;
}
