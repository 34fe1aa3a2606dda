namespace RealtimeInference;

/// <summary>Why a default stands in for a stored value.</summary>
public enum FeatureDefaultReason
{
    /// <summary>It does not: the value is the stored one.</summary>
    None = 0,

    /// <summary>The store has no such row, or the row has no such field.</summary>
    Missing = 1,

    /// <summary>The row is older than its view allows, or of unknown age where the view has a limit.</summary>
    Expired = 2,

    /// <summary>The store did not answer within the time budget, or the deadline came first.</summary>
    TimedOut = 3,

    /// <summary>The store failed.</summary>
    Failed = 4,

    /// <summary>What is stored is not of the field's type.</summary>
    WrongType = 5,
}
