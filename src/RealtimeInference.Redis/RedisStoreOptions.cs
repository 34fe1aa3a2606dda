using System.Globalization;
using Microsoft.Extensions.Logging;
using StackExchange.Redis;

namespace RealtimeInference.Redis;

/// <summary>What is the same for all stores over Redis. The defaults suit an online store in the same data centre.</summary>
/// <remarks>Copied when the store is made: later changes have no effect.</remarks>
public abstract class RedisStoreOptions
{
    private protected RedisStoreOptions()
    {
    }

    /// <summary>Gets or sets the number of the Redis database.</summary>
    /// <value>-1 by default: the one that the host's multiplexer names.</value>
    public int Database { get; set; } = -1;

    /// <summary>Gets or sets which servers may answer a read, such as <see cref="CommandFlags.PreferReplica"/>.</summary>
    /// <value><see cref="CommandFlags.None"/> by default: the primary.</value>
    public CommandFlags ReadFlags { get; set; }

    /// <summary>Gets or sets how long a read may take before it counts as failed.</summary>
    /// <value>
    /// 50 ms by default. Between 10 ms and a day. The time budget of a lookup is the lookup's own, and may be shorter: whoever has
    /// stopped waiting gets no answer, but the circuit still hears of it.
    /// </value>
    public TimeSpan Timeout { get; set; } = TimeSpan.FromMilliseconds(50);

    /// <summary>Gets or sets which share of the reads must fail for the circuit to open.</summary>
    /// <value>0.5 by default. More than 0, at most 1.</value>
    public double FailureRatio { get; set; } = 0.5;

    /// <summary>Gets or sets how many reads there must have been within <see cref="SamplingDuration"/> for the circuit to open.</summary>
    /// <value>10 by default. At least 2. A host with fewer reads than that waits for each as long as its budget allows.</value>
    public int MinimumThroughput { get; set; } = 10;

    /// <summary>Gets or sets over which time the failures are counted.</summary>
    /// <value>
    /// 1 s by default. Between 500 ms and a day. Short, because what succeeded within it hides what fails: a server that freezes under
    /// load is found out after about this time.
    /// </value>
    public TimeSpan SamplingDuration { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>Gets or sets how long the circuit stays open before one read may try the server again.</summary>
    /// <value>2 s by default. Between 500 ms and a day. While it is open, reads fail at once.</value>
    public TimeSpan BreakDuration { get; set; } = TimeSpan.FromSeconds(2);

    /// <summary>Gets or sets how large a value of one field may be.</summary>
    /// <value>
    /// 1 MiB by default. At least 1. A larger one counts as of the wrong type, and is refused when it is written. A hash that
    /// somebody else filled is transferred whole before it can be refused.
    /// </value>
    public int MaxValueBytes { get; set; } = 1024 * 1024;

    /// <summary>Gets or sets the clock.</summary>
    /// <value>The system's by default.</value>
    public TimeProvider TimeProvider { get; set; } = TimeProvider.System;

    /// <summary>Gets or sets where the changes of the circuit are logged.</summary>
    /// <value><see langword="null"/> by default: nowhere; in a host, its own.</value>
    public ILoggerFactory? LoggerFactory { get; set; }

    /// <summary>Finds everything that is wrong with the settings.</summary>
    internal virtual IEnumerable<string> GetFaults()
    {
        TimeSpan day = TimeSpan.FromDays(1);
        foreach ((string name, TimeSpan value, int least) in new[]
        {
            (nameof(Timeout), Timeout, 10), (nameof(SamplingDuration), SamplingDuration, 500), (nameof(BreakDuration), BreakDuration, 500),
        })
        {
            if (value < TimeSpan.FromMilliseconds(least) || value > day)
            {
                yield return $"{name} is {value}: between {least} ms and a day.";
            }
        }

        if (!(FailureRatio > 0 && FailureRatio <= 1))
        {
            yield return string.Create(CultureInfo.InvariantCulture, $"{nameof(FailureRatio)} is {FailureRatio}: more than 0, at most 1.");
        }

        if (MinimumThroughput < 2)
        {
            yield return $"{nameof(MinimumThroughput)} is {MinimumThroughput}: at least 2.";
        }

        if (MaxValueBytes < 1)
        {
            yield return $"{nameof(MaxValueBytes)} is {MaxValueBytes}: at least 1.";
        }

        if (Database < -1)
        {
            yield return $"{nameof(Database)} is {Database}: at least 0, or -1 for the multiplexer's.";
        }

        if (TimeProvider is null)
        {
            yield return $"{nameof(TimeProvider)} is null: leave it, or set a clock.";
        }
    }

    internal void ThrowIfFaulty(string store)
    {
        string[] faults = [.. GetFaults()];
        if (faults.Length > 0)
        {
            throw new ArgumentException($"The options of the {store} have faults: {string.Join(" ", faults)}");
        }
    }

    private protected RedisStoreOptions CopyBase() => (RedisStoreOptions)MemberwiseClone();
}
