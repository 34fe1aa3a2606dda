namespace RealtimeInference.Interleaving;

/// <summary>A few callers of one predictor, and what comes between them.</summary>
internal sealed class Scenario
{
    private BatchSettings? _settings;

    public required string Name { get; init; }

    /// <summary>Gets what the threads are and do: called at the start of each schedule.</summary>
    public required Action<World> Arrange { get; init; }

    public BatchingOptions Options { get; init; } = new() { MaxBatchSize = 4, MaxConcurrentRuns = 1 };

    /// <summary>Gets whether the watchdog runs. Mostly not: it looks about every millisecond, and would heal a lost wake-up.</summary>
    public bool HasWatchdog { get; init; }

    /// <summary>Gets how many waits of the watchdog, and how many of idle workers, may end at any moment.</summary>
    public (int Short, int Long) Timeouts { get; init; }

    /// <summary>Gets how long a run takes, in nanoseconds; from 100,000 on, callers are resumed after the next run has begun.</summary>
    public long RunNanoseconds { get; init; }

    /// <summary>Gets in how many steps a run is done.</summary>
    public int StepsPerRun { get; init; } = 1;

    /// <summary>Gets how much later it is each time somebody looks at the clock, in nanoseconds.</summary>
    public long ClockStep { get; init; } = 100;

    public TripleModel Model { get; } = new();

    public BatchSettings Settings => _settings ??= new BatchSettings(Options, Model);

    public override string ToString() => Name;
}
