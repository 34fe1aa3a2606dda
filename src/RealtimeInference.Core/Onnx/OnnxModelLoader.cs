using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.ML.OnnxRuntime;

namespace RealtimeInference;

/// <summary>One load of one model: tries the providers, reads the signature, warms up.</summary>
internal sealed partial class OnnxModelLoader
{
    private static int s_count;

    private readonly ModelSource _source;
    private readonly OnnxModelOptions _options;
    private readonly string _name;
    private readonly string _logId;
    private readonly ILogger _logger;
    private readonly List<RejectedProvider> _rejected = [];

    public OnnxModelLoader(ModelSource source, OnnxModelOptions? options)
    {
        _source = source;
        _options = (options ?? new OnnxModelOptions()).Copy();
        string[] faults = [.. _options.GetFaults()];
        if (faults.Length > 0)
        {
            throw new ArgumentException(string.Join(" ", faults), nameof(options));
        }

        _name = _options.Name ?? source.DefaultName;
        _logId = $"{_name}#{Interlocked.Increment(ref s_count)}";
        _logger = _options.LoggerFactory?.CreateLogger($"RealtimeInference.Models.{_name}") ?? NullLogger.Instance;
    }

    public OnnxModel Load(CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        if (_source.Path is { } path && !File.Exists(path))
        {
            throw Fail(Directory.Exists(path)
                ? "it is a folder. Name the .onnx file in it."
                : $"there is no such file. The current folder is '{Environment.CurrentDirectory}'.");
        }

        OrtEnv environment = OnnxEnvironment.GetOrStart(_options.UseSharedThreadPool);
        if (_options.LoggerFactory is not null)
        {
            OrtLogRouter.Add(_logId, _logger);
        }

        OnnxModel? model = null;
        try
        {
            model = Open(environment, cancellationToken);
            LogLoaded(_logger, _name, model.Version, model.Providers);
            WarmUp(model, cancellationToken);
            return model;
        }
        catch
        {
            model?.Dispose();
            OrtLogRouter.Remove(_logId);
            throw;
        }
    }

    private OnnxModel Open(OrtEnv environment, CancellationToken cancellationToken)
    {
        var failures = new List<ExecutionProviderUnavailableException>();
        foreach (ExecutionProvider provider in _options.ExecutionProviders)
        {
            try
            {
                return Open(environment, provider, cancellationToken);
            }
            catch (ExecutionProviderUnavailableException exception) when (_options.ExecutionProviders.Count > 1)
            {
                failures.Add(exception);
                _rejected.Add(new RejectedProvider(exception.ProviderName, exception.Reason));
                LogRejected(_logger, _name, exception.ProviderName, exception.Reason);
            }
        }

        throw new ExecutionProviderUnavailableException(
            failures[0].ProviderName,
            failures[0].Reason,
            failures[0].PackageToInstall,
            $"None of the providers of model '{_name}' can be used. {string.Join(" ", failures.Select(static f => f.Message))}",
            failures[0]);
    }

    private OnnxModel Open(OrtEnv environment, ExecutionProvider provider, CancellationToken cancellationToken)
    {
        using SessionOptions options = CreateSessionOptions();
        ProviderSetup setup = provider.Append(environment, options);
        if (!setup.IsCpu && _options.Fallback == ProviderFallback.None)
        {
            options.AddSessionConfigEntry("session.disable_cpu_ep_fallback", "1");
        }

        InferenceSession session = OpenSession(options, provider, setup, cancellationToken);
        OnnxSession? owner = null;
        try
        {
            ModelSignature signature = ReadSignature(session);
            owner = new OnnxSession(session, _options, _name, _logId, _logger, signature, setup);
            Dictionary<string, int> nodes = OrtNative.CountNodesByProvider(owner.Handle);
            RefuseUnusedProvider(provider, setup, nodes);
            return OnnxModel.Create(owner, new ProviderReport
            {
                Requested = [.. _options.ExecutionProviders.Select(static p => p.Name)],
                Selected = provider.Name,
                Rejected = [.. _rejected],
                NodesByProvider = nodes,
            }, _options);
        }
        catch
        {
            ((IDisposable?)owner ?? session).Dispose();
            throw;
        }
    }

    private SessionOptions CreateSessionOptions()
    {
        try
        {
            return SessionOptionsFactory.Create(_options, _logId);
        }
        catch (OnnxRuntimeException exception)
        {
            throw Fail($"an option was refused: {exception.Message}", exception);
        }
    }

    private InferenceSession OpenSession(
        SessionOptions options, ExecutionProvider provider, ProviderSetup setup, CancellationToken cancellationToken)
    {
        try
        {
            using (cancellationToken.UnsafeRegister(static state => ((SessionOptions)state!).SetLoadCancellationFlag(true), options))
            {
                return _source.Open(options);
            }
        }
        catch (OnnxRuntimeException) when (cancellationToken.IsCancellationRequested)
        {
            throw new OperationCanceledException(cancellationToken);
        }
        catch (OnnxRuntimeException exception) when (!setup.IsCpu && !IsAboutModel(exception.Message))
        {
            throw new ExecutionProviderUnavailableException(
                provider.Name,
                exception.Message,
                packageToInstall: null,
                $"The execution provider {provider.Name} cannot take the model '{_name}': {exception.Message.TrimEnd('.')}. To let the CPU run " +
                $"what it cannot, set {nameof(OnnxModelOptions.Fallback)} to {nameof(ProviderFallback)}.{nameof(ProviderFallback.NodesToCpu)}.",
                exception);
        }
        catch (OnnxRuntimeException exception)
        {
            throw Fail(Explain(exception.Message), exception);
        }
    }

    private ModelSignature ReadSignature(InferenceSession session)
    {
        try
        {
            return OnnxSignatureReader.Read(session, _options.BatchDimension);
        }
        catch (Exception exception) when (exception is NotSupportedException or ArgumentException or OnnxRuntimeException)
        {
            throw Fail(exception.Message, exception);
        }
    }

    /// <summary>A provider that took not one node is not the one the model runs on, whatever was asked for.</summary>
    private void RefuseUnusedProvider(ExecutionProvider provider, ProviderSetup setup, Dictionary<string, int> nodes)
    {
        int taken = setup.NativeNames.Length > 0
            ? setup.NativeNames.Sum(n => nodes.GetValueOrDefault(n))
            : nodes.Where(static n => n.Key != CpuProvider.NativeName).Sum(static n => n.Value);
        int total = nodes.Values.Sum();
        if (!setup.IsCpu && taken == 0 && total > 0)
        {
            string reason = $"it took none of the {total} nodes of the model";
            throw new ExecutionProviderUnavailableException(
                provider.Name,
                reason,
                packageToInstall: null,
                $"The execution provider {provider.Name} was loaded, but {reason} '{_name}'. Run it on the CPU, or use another provider.");
        }
    }

    private void WarmUp(OnnxModel model, CancellationToken cancellationToken)
    {
        foreach (string name in _options.WarmUpShapes.Keys)
        {
            _ = model.Signature.GetInput(name);
        }

        try
        {
            for (int i = 0; i < _options.WarmUpRuns; i++)
            {
                OnnxWarmUp.RunAsync(model, _options.WarmUpShapes, cancellationToken).AsTask().GetAwaiter().GetResult();
            }
        }
        catch (PredictionException exception) when (_options.WarmUpShapes.Count == 0)
        {
            LogWarmUpFailed(_logger, _name, exception.Message);
        }
        catch (PredictionException exception)
        {
            throw Fail($"its warm-up failed: {exception.Message}", exception);
        }
    }

    // Errors that another provider would meet as well.
    private static bool IsAboutModel(string message) =>
        message.Contains("[ErrorCode:InvalidProtobuf]", StringComparison.Ordinal)
        || message.Contains("[ErrorCode:InvalidGraph]", StringComparison.Ordinal)
        || message.Contains("[ErrorCode:NoSuchFile]", StringComparison.Ordinal)
        || message.Contains("Load model from", StringComparison.Ordinal);

    private static string Explain(string message) =>
        message.Contains("[ErrorCode:InvalidProtobuf]", StringComparison.Ordinal)
            ? $"it is not an ONNX model, or it is damaged. Copy or export it again, and compare its size with the original's. ({message})"
            : message.Contains("is not a registered function/op", StringComparison.Ordinal)
                ? $"it uses an operator that is not built in. If a library brings it, name that in {nameof(OnnxModelOptions.CustomOperatorLibraries)}. ({message})"
                : message.Contains("External data path", StringComparison.Ordinal)
                    ? "its weights lie in a file of their own that was not found. Keep that file beside the model; for a model from bytes " +
                        $"or a stream set {nameof(OnnxModelOptions.ExternalDataFolder)}. ({message})"
                    : message;

    private ModelLoadException Fail(string reason, Exception? inner = null) =>
        new(_name, _source.Path, $"The model '{_name}' ({_source.Description}) cannot be loaded: {reason}", inner);

    [LoggerMessage(LogLevel.Information, "Model {Model} version {Version} loaded: {Providers}")]
    private static partial void LogLoaded(ILogger logger, string model, string? version, ProviderReport providers);

    [LoggerMessage(LogLevel.Warning, "Model {Model}: execution provider {Provider} was not taken: {Reason}")]
    private static partial void LogRejected(ILogger logger, string model, string provider, string reason);

    [LoggerMessage(LogLevel.Warning, "Model {Model}: the warm-up on zeros of inferred shape failed, so the first predictions may be slow. " +
        "Declare WarmUpShapes. ({Message})")]
    private static partial void LogWarmUpFailed(ILogger logger, string model, string message);
}
