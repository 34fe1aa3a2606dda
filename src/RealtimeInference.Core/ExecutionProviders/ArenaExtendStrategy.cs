namespace RealtimeInference;

/// <summary>By how much a GPU memory arena grows when it is full.</summary>
public enum ArenaExtendStrategy
{
    /// <summary>To the next power of two: fewer allocations, more memory.</summary>
    NextPowerOfTwo,

    /// <summary>By what was asked for: less memory, more allocations.</summary>
    SameAsRequested,
}
