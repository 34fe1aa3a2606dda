using Microsoft.Extensions.Diagnostics.HealthChecks;
using Polly.CircuitBreaker;
using StackExchange.Redis;

namespace RealtimeInference.Redis;

/// <summary>A store is well while its circuit is closed and the server answers a ping.</summary>
internal sealed class RedisStoreHealthCheck(IRedisStore store, TimeProvider timeProvider) : IHealthCheck
{
    // A ping that takes longer says no more than one that never comes.
    private static readonly TimeSpan s_longest = TimeSpan.FromSeconds(2);

    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        CircuitState circuit = store.CircuitState;
        var data = new Dictionary<string, object> { ["circuit"] = circuit.ToString() };
        try
        {
            TimeSpan latency = await store.Database.PingAsync().WaitAsync(s_longest, timeProvider, cancellationToken).ConfigureAwait(false);
            data["pingMilliseconds"] = latency.TotalMilliseconds;
        }
        catch (Exception exception) when (exception is RedisException or TimeoutException or ObjectDisposedException)
        {
            return new HealthCheckResult(
                context.Registration.FailureStatus,
                $"Redis does not answer, and predictions go on with the defaults of their features. The circuit is {circuit}.",
                exception,
                data);
        }

        // The server answers pings, but reads fail: too slow under load, or loading its data.
        return circuit is CircuitState.Open or CircuitState.Isolated
            ? new HealthCheckResult(context.Registration.FailureStatus, "Reads have failed too often: the circuit is open, and predictions go on with defaults.", data: data)
            : HealthCheckResult.Healthy("Redis answers.", data);
    }
}
