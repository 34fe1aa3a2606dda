using Polly.CircuitBreaker;
using StackExchange.Redis;

namespace RealtimeInference.Redis;

/// <summary>Reads what Feast has materialized into Redis: any views of any entities in one round trip. It never writes.</summary>
/// <remarks>
/// <para>Uses the host's multiplexer and never disposes it. Thread-safe. Views and fields have the names that they have in Feast;
/// a view's <see cref="FeatureView.TimeToLive"/> does what the <c>ttl</c> of the view does there.</para>
/// <para>The format is Feast's own, stable since 0.10: see
/// https://github.com/feast-dev/feast/blob/master/docs/specs/online_store_format.md, and for the keys
/// https://github.com/feast-dev/feast/blob/master/sdk/python/feast/infra/key_encoding_utils.py.</para>
/// </remarks>
public sealed class FeastRedisStore : IFeatureStore, IRedisStore
{
    private readonly IConnectionMultiplexer _multiplexer;
    private readonly RedisReader _reader;

    /// <summary>Initializes a new instance of the <see cref="FeastRedisStore"/> class.</summary>
    /// <param name="multiplexer">The host's connection; it stays the host's.</param>
    /// <param name="options">The options.</param>
    /// <exception cref="ArgumentException">The options have faults; the message names them all.</exception>
    public FeastRedisStore(IConnectionMultiplexer multiplexer, FeastRedisStoreOptions options)
    {
        ArgumentNullException.ThrowIfNull(multiplexer);
        ArgumentNullException.ThrowIfNull(options);
        options = options.Copy();
        options.ThrowIfFaulty("Feast store");
        _multiplexer = multiplexer;
        _reader = new RedisReader(multiplexer, new FeastLayout(options), options, "Feast store");
    }

    /// <summary>Gets whether reads go to Redis: <see cref="CircuitState.Open"/> while they fail at once.</summary>
    public CircuitState CircuitState => _reader.CircuitState;

    /// <inheritdoc/>
    IDatabase IRedisStore.Database => _reader.Database;

    /// <inheritdoc/>
    public ValueTask ReadAsync(ReadOnlyMemory<FeatureRow> rows, CancellationToken cancellationToken) => _reader.ReadAsync(rows, cancellationToken);

    /// <summary>Asks for a service of the store: the <see cref="IConnectionMultiplexer"/> under it.</summary>
    /// <param name="serviceType">The type of the service.</param>
    /// <param name="serviceKey">An optional key.</param>
    /// <returns>The service, or <see langword="null"/>.</returns>
    public object? GetService(Type serviceType, object? serviceKey = null)
    {
        ArgumentNullException.ThrowIfNull(serviceType);
        return serviceKey is not null ? null
            : serviceType.IsInstanceOfType(this) ? this
            : serviceType == typeof(IConnectionMultiplexer) ? _multiplexer
            : null;
    }
}
