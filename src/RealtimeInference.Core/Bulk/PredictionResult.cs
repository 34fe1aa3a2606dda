using System.Runtime.ExceptionServices;

namespace RealtimeInference;

/// <summary>What became of one item of many: a prediction, or the error that it failed with.</summary>
/// <typeparam name="TIn">The type of a request.</typeparam>
/// <typeparam name="TOut">The type of a prediction.</typeparam>
public readonly struct PredictionResult<TIn, TOut>
{
    private readonly TOut _value;

    internal PredictionResult(long index, TIn input, TOut value)
    {
        Index = index;
        Input = input;
        _value = value;
    }

    internal PredictionResult(long index, TIn input, Exception error)
    {
        Index = index;
        Input = input;
        Error = error;
        _value = default!;
    }

    /// <summary>Gets the place of the item, counted from the start of the source.</summary>
    public long Index { get; }

    /// <summary>Gets the request.</summary>
    public TIn Input { get; }

    /// <summary>Gets the error.</summary>
    /// <value><see langword="null"/> if the prediction succeeded.</value>
    public Exception? Error { get; }

    /// <summary>Gets whether there is a prediction.</summary>
    public bool IsSuccess => Error is null;

    /// <summary>Gets the prediction; throws the error, with the stack it was thrown with, if there is none.</summary>
    public TOut Value
    {
        get
        {
            if (Error is not null)
            {
                ExceptionDispatchInfo.Throw(Error);
            }

            return _value;
        }
    }
}
