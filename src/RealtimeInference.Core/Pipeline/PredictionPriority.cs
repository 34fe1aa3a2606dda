namespace RealtimeInference;

/// <summary>Who goes first where predictions queue for a model.</summary>
public enum PredictionPriority
{
    /// <summary>Somebody waits for the answer.</summary>
    Interactive = 0,

    /// <summary>Between the two.</summary>
    Normal = 1,

    /// <summary>
    /// Work in the background: a data set, a backfill. It always queues for a model that takes batches, so that they fill.
    /// </summary>
    Bulk = 2,
}
