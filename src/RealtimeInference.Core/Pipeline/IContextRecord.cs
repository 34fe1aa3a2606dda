namespace RealtimeInference;

/// <summary>What a feature of the library writes down about a prediction, in the prediction's context.</summary>
internal interface IContextRecord
{
    /// <summary>Forgets what was written down: the context goes back to its pool.</summary>
    void Clear();
}
