using RealtimeInference.Interleaving;
using RealtimeInference.Interleaving.Controlled;

namespace System.Threading.Tasks.Sources;

/// <summary>
/// Stands in for the real one: completion and continuation meet at the same two operations, and what the real one gives to the
/// thread pool becomes a thread of the schedule. Also counts how often it is taken into use and given back.
/// </summary>
internal struct ManualResetValueTaskSourceCore<TResult>
{
    private static readonly Action<object?> s_completed = static _ => { };

    private Action<object?>? _continuation;
    private object? _state;
    private TResult _result;
    private Exception? _error;
    private short _version;
    private bool _isCompleted;
    private bool _isInUse;

    public bool RunContinuationsAsynchronously { get; set; }

    // Read once for each use, by whoever queues the request.
    public short Version
    {
        get
        {
            _isInUse = Uses.Begin(_isInUse);
            return _version;
        }
    }

    public void Reset()
    {
        _isInUse = Uses.End(_isInUse);
        _version++;
        (_continuation, _state, _result, _error, _isCompleted) = (null, null, default!, null, false);
    }

    public void SetResult(TResult result)
    {
        _result = result;
        Complete();
    }

    public void SetException(Exception error)
    {
        _error = error;
        Complete();
    }

    public ValueTaskSourceStatus GetStatus(short token)
    {
        Check(token);
        return RealtimeInference.Interleaving.Controlled.Volatile.Read(ref _continuation) is null || !_isCompleted ? ValueTaskSourceStatus.Pending
            : _error is null ? ValueTaskSourceStatus.Succeeded
            : _error is OperationCanceledException ? ValueTaskSourceStatus.Canceled : ValueTaskSourceStatus.Faulted;
    }

    public TResult GetResult(short token)
    {
        Check(token);
        if (!_isCompleted)
        {
            throw new InvalidOperationException("read before it was completed");
        }

        return _error is null ? _result : throw _error;
    }

    public void OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags)
    {
        // What is thrown here would end the process: `await` has nobody to give it to.
        try
        {
            Check(token);
            _state = state;
            if (RealtimeInference.Interleaving.Controlled.Interlocked.CompareExchange(ref _continuation, continuation, null) is not null)
            {
                Interleaver.Instance.Spawn("pool", () => continuation(state));
            }
        }
        catch (AbandonedException)
        {
        }
        catch (InvalidOperationException exception)
        {
            Interleaver.Instance.Fail(exception.Message);
        }
    }

    private readonly void Check(short token)
    {
        if (token != _version)
        {
            throw new InvalidOperationException($"asked for use {token} in use {_version}");
        }
    }

    private void Complete()
    {
        if (_isCompleted)
        {
            throw new InvalidOperationException("completed twice");
        }

        _isCompleted = true;
        Action<object?>? continuation = RealtimeInference.Interleaving.Controlled.Volatile.Read(ref _continuation)
            ?? RealtimeInference.Interleaving.Controlled.Interlocked.CompareExchange(ref _continuation, s_completed, null);
        if (continuation is null)
        {
            return;
        }

        object? state = _state;
        if (RunContinuationsAsynchronously)
        {
            Interleaver.Instance.Spawn("pool", () => continuation(state));
        }
        else
        {
            continuation(state);
        }
    }
}
