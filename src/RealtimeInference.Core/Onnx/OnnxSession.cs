using Microsoft.Extensions.Logging;
using Microsoft.ML.OnnxRuntime;

namespace RealtimeInference;

/// <summary>A loaded session with what its runners need to know. Owned by the model.</summary>
internal sealed partial class OnnxSession : IDisposable
{
    private readonly InferenceSession _session;
    private readonly ILogger _logger;
    private readonly string _logId;
    private readonly bool _isProfiling;
    private bool _distrustsOutputShapes;

    public OnnxSession(
        InferenceSession session, OnnxModelOptions options, string name, string logId, ILogger logger, ModelSignature signature, ProviderSetup provider)
    {
        _session = session;
        _logger = logger;
        _logId = logId;
        _isProfiling = options.ProfileOutputPrefix is not null;
        Name = name;
        Signature = signature;

        // ONNX Runtime reports the largest number for a file without one.
        Version = options.Version ?? (signature.Metadata.Version is > 0 and < long.MaxValue
            ? signature.Metadata.Version.ToString(System.Globalization.CultureInfo.InvariantCulture)
            : null);
        Handle = OrtNative.GetHandle(session);
        HasDynamicOutputs = new bool[signature.Outputs.Count];
        SerialRun = provider.IsSerial ? new SemaphoreSlim(1) : null;

        // A provider whose inputs lie in memory of its own reports where. Cast: the property gives each its own handle.
        bool hasDeviceMemory = options.TreatAsDeviceMemory || HasDeviceInputs(session);
        InputsOnDevice = hasDeviceMemory && (provider.IsPlugin || options.TreatAsDeviceMemory);
        RebindsInputs = hasDeviceMemory && !InputsOnDevice;
        if (InputsOnDevice)
        {
            InputMemory = session.GetMemoryInfosForInputs();
            InputAllocators = [.. InputMemory.Select(m => new OrtAllocator(session, m))];
        }
    }

    public string Name { get; }

    public string? Version { get; }

    public ModelSignature Signature { get; }

    public nint Handle { get; }

    /// <summary>Gets whether inputs get tensors on the device, to which every run copies: possible for plug-in providers.</summary>
    public bool InputsOnDevice { get; }

    /// <summary>Gets whether inputs are bound anew for every run, because binding is what copies them to the device.</summary>
    public bool RebindsInputs { get; }

    public IReadOnlyList<OrtMemoryInfo> InputMemory { get; } = [];

    /// <summary>Gets the allocators of the device memory, by input; empty where inputs stay on the host.</summary>
    public OrtAllocator[] InputAllocators { get; } = [];

    /// <summary>Gets which outputs do not have the shape that the signature promises, as earlier runs showed.</summary>
    public bool[] HasDynamicOutputs { get; }

    /// <summary>Gets the gate of a provider that runs one request at a time.</summary>
    public SemaphoreSlim? SerialRun { get; }

    public OrtIoBinding CreateBinding() => _session.CreateIoBinding();

    /// <summary>Stops relying on the shapes that the signature promises for the outputs.</summary>
    public void DistrustOutputShapes(string message)
    {
        Array.Fill(HasDynamicOutputs, true);
        if (Interlocked.Exchange(ref _distrustsOutputShapes, true) is false)
        {
            LogDistrust(_logger, Name, message);
        }
    }

    public void Dispose()
    {
        EndProfiling();

        foreach (OrtAllocator allocator in InputAllocators)
        {
            allocator.Dispose();
        }

        (InputMemory as IDisposable)?.Dispose();
        SerialRun?.Dispose();
        _session.Dispose();
        OrtLogRouter.Remove(_logId);
    }

    private void EndProfiling()
    {
        if (!_isProfiling)
        {
            return;
        }

        try
        {
            LogProfile(_logger, Name, _session.EndProfiling());
        }
        catch (OnnxRuntimeException exception)
        {
            // A profile that cannot be written, to a full disk for instance, must not keep the model from being freed.
            LogNoProfile(_logger, Name, exception.Message);
        }
    }

    private static bool HasDeviceInputs(InferenceSession session)
    {
        using IDisposableReadOnlyCollection<OrtMemoryInfo> memory = session.GetMemoryInfosForInputs();
        return memory.Any(static m => m.GetDeviceType() != OrtMemoryInfoDeviceType.CPU);
    }

    [LoggerMessage(LogLevel.Warning, "Model {Model}: an output does not have the shape that the model's signature promises, so outputs are from " +
        "now on allocated in every run, which is slower. Correct the names of the output's dimensions in the model. ({Message})")]
    private static partial void LogDistrust(ILogger logger, string model, string message);

    [LoggerMessage(LogLevel.Warning, "Model {Model}: no profile was written: {Message}")]
    private static partial void LogNoProfile(ILogger logger, string model, string message);

    [LoggerMessage(LogLevel.Information, "Model {Model}: profile written to {File}")]
    private static partial void LogProfile(ILogger logger, string model, string file);
}
