using Microsoft.Extensions.Caching.Hybrid;
using Microsoft.Extensions.Caching.Memory;
using Microsoft.Extensions.Logging;

namespace RealtimeInference;

/// <summary>How predictions are cached. The defaults suit most predictors.</summary>
/// <remarks>Copied when the cache is added to a pipeline: later changes have no effect.</remarks>
public class PredictionCacheOptions
{
    /// <summary>Gets or sets the most that the cache holds, in the unit of <see cref="GetSize"/>. Not for a <see cref="MemoryCache"/> of the host.</summary>
    /// <value>10,000 by default: predictions, as each counts 1. At least 1.</value>
    public long SizeLimit { get; set; } = 10_000;

    /// <summary>Gets or sets how much of <see cref="SizeLimit"/> a prediction takes; asked once for each that is stored.</summary>
    /// <value><see langword="null"/> by default: 1. It must answer at least 0, and be thread-safe.</value>
    public Func<object?, long>? GetSize { get; set; }

    /// <summary>Gets or sets how long a prediction is kept at most.</summary>
    /// <value>5 minutes by default. More than 0.</value>
    public TimeSpan TimeToLive { get; set; } = TimeSpan.FromMinutes(5);

    /// <summary>Gets or sets by which share of the time to live it is shortened at most, at random, so that what came together does not expire together.</summary>
    /// <value>0.1 by default. At least 0, less than 1.</value>
    public double Jitter { get; set; } = 0.1;

    /// <summary>Gets or sets a cache of the host, to be shared with others. Its own limit and clock hold; every entry has a size.</summary>
    /// <value><see langword="null"/> by default: the predictor has a cache of its own.</value>
    public IMemoryCache? MemoryCache { get; set; }

    /// <summary>Gets or sets the clock by which predictions expire.</summary>
    /// <value>
    /// <see langword="null"/> by default: the predictor's own for a cache around a predictor, else the system's.
    /// </value>
    public TimeProvider? TimeProvider { get; set; }

    /// <summary>Gets or sets a cache that a fleet of hosts shares: asked when this process has no answer, before the model is run.</summary>
    /// <value>
    /// <see langword="null"/> by default. It needs an <c>IDistributedCache</c> behind it: its local part is not used. Needs <see cref="Name"/>.
    /// </value>
    public HybridCache? SecondLevel { get; set; }

    /// <summary>Gets or sets the first part of the keys in the second level: unique for the predictor and the form of its predictions.</summary>
    public string? Name { get; set; }

    /// <summary>Gets or sets how long a prediction is kept in the second level at most.</summary>
    /// <value><see langword="null"/> by default: <see cref="TimeToLive"/>. More than 0.</value>
    public TimeSpan? SecondLevelTimeToLive { get; set; }

    /// <summary>Gets or sets how long the second level may take to answer before the model is run instead.</summary>
    /// <value>20 ms by default. More than 0, at most a minute. A deadline that is nearer counts.</value>
    public TimeSpan SecondLevelTimeout { get; set; } = TimeSpan.FromMilliseconds(20);

    /// <summary>Gets or sets where faults of the second level are logged: the first of a row, and the end of it.</summary>
    /// <value><see langword="null"/> by default: nowhere; they are counted all the same.</value>
    public ILoggerFactory? LoggerFactory { get; set; }

    /// <summary>Gets or sets where chance comes from: numbers from 0 to below 1.</summary>
    internal Func<double> NextDouble { get; set; } = Random.Shared.NextDouble;

    internal PredictionCacheOptions Copy() => (PredictionCacheOptions)MemberwiseClone();

    /// <summary>Finds everything that is wrong with the settings.</summary>
    internal virtual IEnumerable<string> GetFaults()
    {
        if (SizeLimit < 1)
        {
            yield return $"{nameof(SizeLimit)} is {SizeLimit}: at least 1.";
        }

        foreach ((string name, TimeSpan? value) in new[]
        {
            (nameof(TimeToLive), TimeToLive), (nameof(SecondLevelTimeToLive), SecondLevelTimeToLive), (nameof(SecondLevelTimeout), SecondLevelTimeout),
        })
        {
            if (value <= TimeSpan.Zero)
            {
                yield return $"{name} is {value}: more than 0.";
            }
        }

        if (SecondLevelTimeout > TimeSpan.FromMinutes(1))
        {
            yield return $"{nameof(SecondLevelTimeout)} is {SecondLevelTimeout}: at most a minute.";
        }

        if (!(Jitter >= 0 && Jitter < 1))
        {
            yield return FormattableString.Invariant($"{nameof(Jitter)} is {Jitter}: at least 0, less than 1.");
        }

        if (SecondLevel is not null && string.IsNullOrWhiteSpace(Name))
        {
            yield return $"{nameof(SecondLevel)} needs {nameof(Name)}: hosts that share it must not take each other's predictions for their own.";
        }
    }
}
