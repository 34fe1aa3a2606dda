using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using Microsoft.ML.OnnxRuntime;

namespace RealtimeInference;

/// <summary>Takes what ONNX Runtime logs to the logger of the model that it logs about.</summary>
internal static partial class OrtLogRouter
{
    // By session log id, which every session gets a unique one of.
    private static readonly ConcurrentDictionary<string, ILogger> s_loggers = new();

    /// <summary>Kept in a static: native code holds the pointer for as long as the process lives.</summary>
    public static readonly DOrtLoggingFunction Function = Log;

    private static ILoggerFactory? s_defaultFactory;

    public static ILoggerFactory? DefaultFactory
    {
        get => Volatile.Read(ref s_defaultFactory);
        set => Volatile.Write(ref s_defaultFactory, value);
    }

    /// <summary>Gets the sessions that log: how tests see that none is left behind.</summary>
    public static ICollection<string> LogIds => s_loggers.Keys;

    public static void Add(string logId, ILogger logger) => s_loggers[logId] = logger;

    public static void Remove(string logId) => s_loggers.TryRemove(logId, out _);

    public static OrtLoggingLevel ToOrt(LogLevel level) => level switch
    {
        LogLevel.Trace or LogLevel.Debug => OrtLoggingLevel.ORT_LOGGING_LEVEL_VERBOSE,
        LogLevel.Information => OrtLoggingLevel.ORT_LOGGING_LEVEL_INFO,
        LogLevel.Warning => OrtLoggingLevel.ORT_LOGGING_LEVEL_WARNING,
        LogLevel.Error => OrtLoggingLevel.ORT_LOGGING_LEVEL_ERROR,
        _ => OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL,
    };

    private static void Log(IntPtr parameter, OrtLoggingLevel severity, string category, string logId, string codeLocation, string message)
    {
        LogLevel level = severity switch
        {
            OrtLoggingLevel.ORT_LOGGING_LEVEL_VERBOSE => LogLevel.Debug,
            OrtLoggingLevel.ORT_LOGGING_LEVEL_INFO => LogLevel.Information,
            OrtLoggingLevel.ORT_LOGGING_LEVEL_WARNING => LogLevel.Warning,
            OrtLoggingLevel.ORT_LOGGING_LEVEL_ERROR => LogLevel.Error,
            _ => LogLevel.Critical,
        };
        try
        {
            if (s_loggers.TryGetValue(logId, out ILogger? logger)
                || (logger = DefaultFactory?.CreateLogger("RealtimeInference.OnnxRuntime")) is not null)
            {
                OnnxRuntimeMessage(logger, level, message, codeLocation);
            }
        }
#pragma warning disable CA1031 // An exception of a logger must not unwind into native code: that ends the process.
        catch (Exception)
#pragma warning restore CA1031
        {
        }
    }

    [LoggerMessage(Message = "ONNX Runtime: {Message} ({CodeLocation})")]
    private static partial void OnnxRuntimeMessage(ILogger logger, LogLevel level, string message, string codeLocation);
}
