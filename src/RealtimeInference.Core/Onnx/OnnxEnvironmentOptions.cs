using Microsoft.Extensions.Logging;

namespace RealtimeInference;

/// <summary>Settings of ONNX Runtime that are one for the whole process.</summary>
public sealed class OnnxEnvironmentOptions
{
    /// <summary>Gets or sets where ONNX Runtime's own log goes: one category per model.</summary>
    /// <value><see langword="null"/> by default: models log to their own factory, the rest goes nowhere.</value>
    public ILoggerFactory? LoggerFactory { get; set; }

    /// <summary>Gets or sets the least level at which ONNX Runtime itself logs.</summary>
    /// <value><see cref="LogLevel.Warning"/> by default. Lower levels cost time in every run.</value>
    public LogLevel MinimumLogLevel { get; set; } = LogLevel.Warning;

    /// <summary>Gets or sets whether the thread pool that models may share exists.</summary>
    /// <value>
    /// <see langword="false"/> by default; models then have threads of their own. The pool must exist before a model asks
    /// for it with <see cref="OnnxModelOptions.UseSharedThreadPool"/>.
    /// </value>
    public bool CreateSharedThreadPool { get; set; }

    /// <summary>Gets or sets the threads of the shared pool that work inside one operator.</summary>
    /// <value><see langword="null"/> by default: one per physical core. 1 means the calling thread alone.</value>
    public int? SharedIntraOpThreads { get; set; }

    /// <summary>Gets or sets the threads of the shared pool that run operators side by side.</summary>
    /// <value><see langword="null"/> by default: one per physical core.</value>
    public int? SharedInterOpThreads { get; set; }

    /// <summary>Gets or sets whether idle threads of the shared pool spin for a while before they sleep.</summary>
    /// <value><see langword="false"/> by default: a shared machine's cores are better used for requests.</value>
    public bool SharedSpinning { get; set; }

    internal void Validate()
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(SharedIntraOpThreads ?? 1, 1, nameof(SharedIntraOpThreads));
        ArgumentOutOfRangeException.ThrowIfLessThan(SharedInterOpThreads ?? 1, 1, nameof(SharedInterOpThreads));
    }
}
