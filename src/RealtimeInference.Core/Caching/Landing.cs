using System.Runtime.ExceptionServices;

namespace RealtimeInference;

/// <summary>How a run ended that several may have waited for.</summary>
internal readonly struct Landing<TOut>
{
    public Landing(CachedPrediction<TOut> prediction, bool hasDefaultedFeatures)
    {
        Prediction = prediction;
        HasDefaultedFeatures = hasDefaultedFeatures;
    }

    public Landing(Exception error) => Error = ExceptionDispatchInfo.Capture(error);

    /// <summary>Gets the prediction; there unless there is an error.</summary>
    public CachedPrediction<TOut>? Prediction { get; }

    public ExceptionDispatchInfo? Error { get; }

    public bool HasDefaultedFeatures { get; }
}
