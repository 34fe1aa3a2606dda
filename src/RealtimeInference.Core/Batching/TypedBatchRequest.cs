using System.Threading.Tasks.Sources;

namespace RealtimeInference;

/// <summary>A <see cref="BatchRequest"/> with its input and its result: what the caller awaits.</summary>
internal sealed class TypedBatchRequest<T, TOut> : BatchRequest, IValueTaskSource<TOut>
{
    private readonly BatchingStage<T, TOut> _stage;
    private T _input = default!;
    private TOut _output = default!;
    private Exception? _error;
    private CancellationToken _token;
    private CancellationTokenRegistration _registration;

    // Mutable struct: never readonly.
    private ManualResetValueTaskSourceCore<TOut> _core;

    public TypedBatchRequest(BatchingStage<T, TOut> stage, ModelSignature signature, string[] masks)
        : base(signature, masks) => _stage = stage;

    public BatchingStage<T, TOut> Stage => _stage;

    public short Version => _core.Version;

    public void Start(in T input, CancellationToken cancellationToken)
    {
        _input = input;
        if (cancellationToken.CanBeCanceled)
        {
            CanBeWithdrawn = true;
            _token = cancellationToken;
        }

        Activate();
    }

    /// <summary>Begins to listen for cancellation.</summary>
    public void Listen()
    {
        if (_token.CanBeCanceled)
        {
            _registration = _token.UnsafeRegister(
                static (state, token) => ((TypedBatchRequest<T, TOut>)state!).TryWithdraw(new OperationCanceledException(token)), this);
        }
    }

    public override void Decode(ModelRunner runner, int row)
    {
        try
        {
            if (Context is { } context)
            {
                context.ModelName = _stage.ModelName;
                context.ModelVersion = runner.ModelVersion;
                context.EndStage(StageNames.Queue, RunStartedAt);
                context.EndStage(StageNames.Run, RunEndedAt);
            }

            _output = _stage.Decode(_input, runner.GetOutputs(row));
            Context?.EndStage(StageNames.Postprocess);
        }
        catch (Exception exception)
        {
            _error = exception;
        }
    }

    public override void SetError(Exception error) => _error = error;

    public override void Complete()
    {
        if (_error is { } error)
        {
            _core.SetException(error);
        }
        else
        {
            _core.SetResult(_output);
        }
    }

    public TOut GetResult(short token)
    {
        if (_core.GetStatus(token) == ValueTaskSourceStatus.Pending)
        {
            Block(token);
        }

        try
        {
            return _core.GetResult(token);
        }
        finally
        {
            if (CanBeWithdrawn)
            {
                // Waits for a callback under way, which would meet the next use of this object.
                _registration.Dispose();
                _registration = default;
            }

            Release();
        }
    }

    public ValueTaskSourceStatus GetStatus(short token) => _core.GetStatus(token);

    public void OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        _core.OnCompleted(continuation, state, token, flags);

    /// <summary>Gives back a request that was never queued.</summary>
    public void Discard() => Recycle();

    // A console program that asks for the result at once, where a task would block, must not meet an error instead.
    private void Block(short token)
    {
        using var done = new ManualResetEventSlim();
        _core.OnCompleted(static state => ((ManualResetEventSlim)state!).Set(), done, token, ValueTaskSourceOnCompletedFlags.None);
        done.Wait();
    }

    protected override void CompleteElsewhere(Exception error)
    {
        // Whoever cancels, or watches deadlines, must not be held by what the caller does next.
        _core.RunContinuationsAsynchronously = true;
        _core.SetException(error);
    }

    protected override void Recycle()
    {
        _input = default!;
        _output = default!;
        _error = null;
        _token = default;
        _core.Reset();
        _core.RunContinuationsAsynchronously = false;
        Row.End();
        Reset();
        _stage.Return(this);
    }
}
