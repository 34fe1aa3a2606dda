using System.Diagnostics.CodeAnalysis;

namespace RealtimeInference;

/// <summary>A run that is under way, and who waits for it. Goes on while anybody does, and is cancelled when nobody does any more.</summary>
[SuppressMessage("Reliability", "CA1001", Justification = "A source without a timer or links holds nothing; to dispose it could race with the last one who leaves.")]
internal sealed class Flight<TKey, TOut>(CacheKey<TKey> key, PredictionContext terms)
{
    private readonly Lock _lock = new();
    private readonly CancellationTokenSource _abandoned = new();
    private readonly PredictionPriority _priority = terms.Priority;
    private readonly TimeProvider _clock = terms.TimeProvider;
    private readonly long _deadline = terms.Deadline;
    private TaskCompletionSource<Landing<TOut>>? _followers;
    private int _waiting = 1;
    private bool _hasLeaderLeft;
    private bool _isOver;

    public CacheKey<TKey> Key => key;

    /// <summary>Gets or sets whether the second level had the prediction, so that nothing was run.</summary>
    public bool IsFoundInSecondLevel { get; set; }

    /// <summary>Gets what cancels the run.</summary>
    public CancellationToken Token => _abandoned.Token;

    /// <summary>Waits with the others, unless it is too late, or what waits here is less urgent and may be served later.</summary>
    public bool TryJoin(PredictionPriority priority, out Task<Landing<TOut>>? landing)
    {
        lock (_lock)
        {
            if (_isOver || _waiting == 0 || _priority > priority)
            {
                landing = null;
                return false;
            }

            _waiting++;

            // Whoever lands a run does not also do what its followers do next.
            _followers ??= new TaskCompletionSource<Landing<TOut>>(TaskCreationOptions.RunContinuationsAsynchronously);
            landing = _followers.Task;
            return true;
        }
    }

    /// <summary>A follower waits no more.</summary>
    public void Leave() => Leave(isLeader: false);

    /// <summary>The one who began the run waits no more. A second call does nothing.</summary>
    public void LeaveAsLeader() => Leave(isLeader: true);

    /// <summary>Answers the followers.</summary>
    public void Land(in Landing<TOut> landing)
    {
        TaskCompletionSource<Landing<TOut>>? followers;
        lock (_lock)
        {
            _isOver = true;
            followers = _followers;
        }

        followers?.SetResult(landing);
    }

    /// <summary>Says whether a failure was due to the leader's deadline alone, so that one who has more time should try on its own.</summary>
    public bool FailedForLackOfTime(Exception error, PredictionContext follower) =>
        error is DeadlineExceededException or OverloadedException
        && _deadline != long.MaxValue
        && (!follower.HasDeadline || !ReferenceEquals(follower.TimeProvider, _clock) || follower.Deadline > _deadline);

    private void Leave(bool isLeader)
    {
        lock (_lock)
        {
            if (isLeader && _hasLeaderLeft)
            {
                return;
            }

            _hasLeaderLeft |= isLeader;
            if (--_waiting > 0 || _isOver)
            {
                return;
            }
        }

        // Nobody can join any more.
        _abandoned.Cancel();
    }
}
