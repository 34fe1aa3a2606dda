namespace RealtimeInference.Interleaving;

/// <summary>Says whose turn it is. Deterministic: the same seed gives the same schedule.</summary>
internal interface IStrategy
{
    /// <summary>Gets what replays the schedule.</summary>
    string Description { get; }

    /// <summary>Begins a schedule, the next one or the same once more.</summary>
    /// <returns>Whether there is one.</returns>
    bool Begin(bool again);

    /// <summary>Notes a new thread.</summary>
    void Add(int thread);

    /// <summary>Chooses one of several.</summary>
    /// <param name="current">The thread whose turn it was.</param>
    /// <param name="enabled">A bit for each that can go on.</param>
    int Next(int current, ulong enabled);
}
