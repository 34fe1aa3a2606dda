using Polly.CircuitBreaker;
using StackExchange.Redis;

namespace RealtimeInference.Redis;

/// <summary>Keeps features in Redis: one hash per view and entity, all rows of a read in one round trip.</summary>
/// <remarks>
/// <para>Uses the host's multiplexer and never disposes it. Thread-safe. A key is the prefix, the view's name, a colon and the
/// entity's key, such as <c>rti:card_daily:4929</c>. A field is named as the feature. Values are text in the invariant culture, as
/// <see cref="FeatureRow.SetUtf8"/> reads it, so that any program can write them, and Redis can count in them; vectors are the
/// bytes of their 32-bit floats, little-endian. The field <c>_ts</c> is the row's time in microseconds since 1970, UTC.</para>
/// <para>A read that takes longer than <see cref="RedisStoreOptions.Timeout"/> counts as failed. When too many have failed, the
/// circuit opens, and rows fail at once with <see cref="FeatureStoreUnavailableException"/> until the server is well again.</para>
/// </remarks>
public sealed partial class RedisFeatureStore : IFeatureStore, IFeatureWriter, IRedisStore
{
    private readonly RedisFeatureStoreOptions _options;
    private readonly IConnectionMultiplexer _multiplexer;
    private readonly IDatabase _database;
    private readonly TextLayout _layout;
    private readonly RedisReader _reader;

    /// <summary>Initializes a new instance of the <see cref="RedisFeatureStore"/> class.</summary>
    /// <param name="multiplexer">The host's connection; it stays the host's.</param>
    /// <param name="options">The options; <see langword="null"/> for the defaults.</param>
    /// <exception cref="ArgumentException">The options have faults; the message names them all.</exception>
    public RedisFeatureStore(IConnectionMultiplexer multiplexer, RedisFeatureStoreOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(multiplexer);
        _options = options?.Copy() ?? new RedisFeatureStoreOptions();
        _options.ThrowIfFaulty("Redis feature store");
        _multiplexer = multiplexer;
        _database = multiplexer.GetDatabase(_options.Database);
        _layout = new TextLayout(_options.KeyPrefix, _options.MaxValueBytes);
        _reader = new RedisReader(multiplexer, _layout, _options, "Redis feature store");
    }

    /// <summary>Gets whether reads go to Redis: <see cref="CircuitState.Open"/> while they fail at once.</summary>
    public CircuitState CircuitState => _reader.CircuitState;

    /// <inheritdoc/>
    IDatabase IRedisStore.Database => _database;

    /// <inheritdoc/>
    public ValueTask ReadAsync(ReadOnlyMemory<FeatureRow> rows, CancellationToken cancellationToken) => _reader.ReadAsync(rows, cancellationToken);

    /// <summary>Asks for a service of the store: its <see cref="IFeatureWriter"/>, or the <see cref="IConnectionMultiplexer"/> under it.</summary>
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
