using System.Runtime.InteropServices;
using Microsoft.ML.OnnxRuntime;

namespace RealtimeInference;

/// <summary>The part of ONNX Runtime that is one for the whole process: its log and the shared thread pool.</summary>
/// <remarks>
/// Calling <see cref="Configure"/> is optional, and only possible before the first model is loaded: ONNX Runtime fixes
/// these settings when it starts. Thread-safe.
/// </remarks>
public static class OnnxEnvironment
{
    private static readonly Lock s_lock = new();
    private static OrtEnv? s_environment;

    /// <summary>Starts ONNX Runtime with these settings.</summary>
    /// <param name="options">The settings.</param>
    /// <exception cref="InvalidOperationException">ONNX Runtime has already been started.</exception>
    /// <exception cref="NativeRuntimeException">The native library is missing or too old.</exception>
    public static void Configure(OnnxEnvironmentOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
        lock (s_lock)
        {
            if (!TryStart(options))
            {
                throw new InvalidOperationException(
                    "ONNX Runtime has already been started, by a model that was loaded or by other code, and takes these settings " +
                    $"only at its start. Call {nameof(OnnxEnvironment)}.{nameof(Configure)} before anything else uses it.");
            }
        }
    }

    /// <summary>Gets whether models can ask for the shared thread pool.</summary>
    public static bool HasSharedThreadPool { get; private set; }

    /// <summary>Gets the environment; starts ONNX Runtime with default settings if nobody has yet.</summary>
    internal static OrtEnv GetOrStart(bool needsSharedThreadPool)
    {
        lock (s_lock)
        {
            if (s_environment is null)
            {
                TryStart(new OnnxEnvironmentOptions { CreateSharedThreadPool = needsSharedThreadPool });
            }

            if (needsSharedThreadPool && !HasSharedThreadPool)
            {
                throw new InvalidOperationException(
                    $"{nameof(OnnxModelOptions.UseSharedThreadPool)} is set, but ONNX Runtime was started without a shared thread pool. " +
                    $"Call {nameof(OnnxEnvironment)}.{nameof(Configure)} with {nameof(OnnxEnvironmentOptions.CreateSharedThreadPool)} " +
                    "before the first model is loaded.");
            }

            return s_environment!;
        }
    }

    private static bool TryStart(OnnxEnvironmentOptions options)
    {
        if (s_environment is not null)
        {
            return false;
        }

        try
        {
            if (OrtEnv.IsCreated)
            {
                // Other code came first: its settings stand.
                s_environment = OrtEnv.Instance();
                return false;
            }

            using OrtThreadingOptions? threads = options.CreateSharedThreadPool ? CreateThreadingOptions(options) : null;
            OrtLogRouter.DefaultFactory = options.LoggerFactory;
            var creation = new EnvironmentCreationOptions
            {
                logId = "RealtimeInference",
                logLevel = OrtLogRouter.ToOrt(options.MinimumLogLevel),
                threadOptions = threads,
                loggingFunction = OrtLogRouter.Function,
                loggingParam = 0,
            };
            s_environment = OrtEnv.CreateInstanceWithOptions(ref creation);
            HasSharedThreadPool = options.CreateSharedThreadPool;
            return true;
        }
        catch (Exception exception) when (IsNativeLibraryFault(exception))
        {
            throw CreateNativeRuntimeException(exception);
        }
    }

    private static OrtThreadingOptions CreateThreadingOptions(OnnxEnvironmentOptions options)
    {
        var threads = new OrtThreadingOptions { GlobalSpinControl = options.SharedSpinning };
        if (options.SharedIntraOpThreads is { } intra)
        {
            threads.GlobalIntraOpNumThreads = intra;
        }

        if (options.SharedInterOpThreads is { } inter)
        {
            threads.GlobalInterOpNumThreads = inter;
        }

        return threads;
    }

    // The managed package touches the library in static constructors, so the real fault may be inside. An older library
    // gives it a null table of functions, or refuses the version of the API.
    private static bool IsNativeLibraryFault(Exception exception) =>
        exception is TypeInitializationException or DllNotFoundException or EntryPointNotFoundException
            or BadImageFormatException or ArgumentNullException or NullReferenceException;

    private static NativeRuntimeException CreateNativeRuntimeException(Exception exception)
    {
        Exception cause = exception.GetBaseException();
        string version = typeof(OrtEnv).Assembly.GetName().Version?.ToString(2) ?? "?";
        return cause is DllNotFoundException or BadImageFormatException
            ? new NativeRuntimeException(
                $"The native ONNX Runtime library was not found for {RuntimeInformation.RuntimeIdentifier}. RealtimeInference.Core " +
                "brings none: reference the package RealtimeInference (CPU), or a native package of your choice such as " +
                $"Microsoft.ML.OnnxRuntime or Microsoft.ML.OnnxRuntime.Gpu of version {version}. ({cause.Message})",
                exception)
            : new NativeRuntimeException(
                $"The native ONNX Runtime library is too old for the managed package {version}: they need the same version. Some " +
                "native packages, Microsoft.ML.OnnxRuntime.DirectML among them, are released less often than the managed one; then " +
                $"pin Microsoft.ML.OnnxRuntime.Managed to the native package's version, or use a plug-in provider. ({cause.Message})",
                exception);
    }
}
