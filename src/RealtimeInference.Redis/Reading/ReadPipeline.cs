using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Polly;
using Polly.CircuitBreaker;
using Polly.Timeout;
using StackExchange.Redis;

namespace RealtimeInference.Redis;

/// <summary>Makes what stands between a read and Redis: the circuit breaker outside, the time-out inside, so that time-outs open it.</summary>
internal static partial class ReadPipeline
{
    public static ResiliencePipeline<HashReads> Create(RedisStoreOptions options, CircuitBreakerStateProvider circuit, string name)
    {
        ILogger logger = options.LoggerFactory?.CreateLogger("RealtimeInference.Redis") ?? NullLogger.Instance;
        var builder = new ResiliencePipelineBuilder<HashReads> { Name = name, TimeProvider = options.TimeProvider };
        builder.AddCircuitBreaker(new CircuitBreakerStrategyOptions<HashReads>
        {
            FailureRatio = options.FailureRatio,
            MinimumThroughput = options.MinimumThroughput,
            SamplingDuration = options.SamplingDuration,
            BreakDuration = options.BreakDuration,
            ShouldHandle = static arguments => ValueTask.FromResult(IsFailure(arguments.Outcome.Exception)),
            StateProvider = circuit,
            OnOpened = arguments =>
            {
                LogOpened(logger, name, arguments.BreakDuration, arguments.Outcome.Exception?.Message ?? "it was opened by hand");
                return ValueTask.CompletedTask;
            },
            OnHalfOpened = _ =>
            {
                LogHalfOpened(logger, name);
                return ValueTask.CompletedTask;
            },
            OnClosed = _ =>
            {
                LogClosed(logger, name);
                return ValueTask.CompletedTask;
            },
        });
        builder.AddTimeout(options.Timeout);
        return builder.Build();
    }

    private static bool IsFailure(Exception? error) =>
        error is TimeoutRejectedException or RedisException or TimeoutException or ObjectDisposedException;

    [LoggerMessage(1, LogLevel.Warning, "The {Store} has failed too often: it is not asked for {BreakDuration}. The last failure: {Failure}")]
    private static partial void LogOpened(ILogger logger, string store, TimeSpan breakDuration, string failure);

    [LoggerMessage(2, LogLevel.Information, "The {Store} is asked once, to see whether it is well again.")]
    private static partial void LogHalfOpened(ILogger logger, string store);

    [LoggerMessage(3, LogLevel.Information, "The {Store} is well again, and is asked as before.")]
    private static partial void LogClosed(ILogger logger, string store);
}
