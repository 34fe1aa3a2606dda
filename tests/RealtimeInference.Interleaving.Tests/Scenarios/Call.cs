using RealtimeInference.Interleaving.Controlled;

namespace RealtimeInference.Interleaving;

/// <summary>One prediction that was asked for, and how it ended.</summary>
internal sealed class Call(long input)
{
    private int _ends;
    private Exception? _error;
    private long _output;

    public long Input => input;

    public PredictionPriority Priority { get; init; }

    public TimeSpan? Deadline { get; init; }

    public Cancellation? Cancellation { get; init; }

    /// <summary>Gets whether the caller blocks its thread, instead of awaiting.</summary>
    public bool Blocks { get; init; }

    /// <summary>Gets whether the queue may be too short for it.</summary>
    public bool MayBeRefused { get; init; }

    /// <summary>Gets how it ended, in a word.</summary>
    public string End => _error?.GetType().Name ?? "answered";

    public void EndWith(long output) => (_ends, _output) = (_ends + 1, output);

    public void EndWith(Exception error) => (_ends, _error) = (_ends + 1, error);

    public string? FindFault()
    {
        if (_ends != 1)
        {
            return $"the call with {input} ended {_ends} times";
        }

        bool isExpected = _error switch
        {
            null => _output == input * 3 && input != TripleModel.Bad,
            OperationCanceledException cancelled => Cancellation is not null && cancelled.CancellationToken == Cancellation.Token,
            DeadlineExceededException => Deadline is not null,
            OverloadedException => MayBeRefused || Deadline is not null,
            FormatException => input == TripleModel.Bad,
            _ => false,
        };
        return isExpected ? null : $"the call with {input} ended with {(_error is null ? _output : _error)}";
    }
}
