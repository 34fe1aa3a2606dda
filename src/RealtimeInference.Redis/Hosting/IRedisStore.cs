using Polly.CircuitBreaker;
using StackExchange.Redis;

namespace RealtimeInference.Redis;

/// <summary>What the health check asks a store.</summary>
internal interface IRedisStore
{
    CircuitState CircuitState { get; }

    IDatabase Database { get; }
}
