using System.Globalization;
using System.Runtime.InteropServices;
using Microsoft.ML.OnnxRuntime;

namespace RealtimeInference;

internal sealed class CudaProvider : ExecutionProvider
{
    private const string NativeName = "CUDAExecutionProvider";

    // The plug-in's name in its first previews; releases since August 2026 share the built-in provider's.
    private const string PreviewNativeName = "CudaPluginExecutionProvider";
    private const string Package = "Microsoft.ML.OnnxRuntime.EP.Cuda";

    private readonly Dictionary<string, string> _options;
    private readonly string? _pluginLibraryPath;
    private readonly int _deviceId;

    public CudaProvider(CudaOptions options)
        : base("CUDA")
    {
        string[] faults = [.. options.GetFaults()];
        if (faults.Length > 0)
        {
            throw new ArgumentException("The options of the CUDA provider have faults: " + string.Join(" ", faults), nameof(options));
        }

        _options = options.ToProviderOptions();
        _pluginLibraryPath = options.PluginLibraryPath;

        // The host's own keys win, so they are checked as well: the device's number is needed here.
        if (!int.TryParse(_options["device_id"], NumberStyles.None, CultureInfo.InvariantCulture, out _deviceId))
        {
            throw new ArgumentException(
                $"The options of the CUDA provider have faults: device_id is '{_options["device_id"]}': a number, 0 or more.", nameof(options));
        }

        // ONNX Runtime takes both spellings.
        UsesCudaGraph = _options.GetValueOrDefault("enable_cuda_graph") is { } graph
            && (graph == "1" || graph.Equals("true", StringComparison.OrdinalIgnoreCase));
    }

    /// <summary>Gets whether runs are recorded and replayed, which needs tensors that stay where they are.</summary>
    internal bool UsesCudaGraph { get; }

    internal override ProviderSetup Append(OrtEnv environment, SessionOptions session)
    {
        bool isBuiltIn = environment.GetAvailableProviders().Contains(NativeName);
        string? library = _pluginLibraryPath ?? FindPlugin(AppContext.BaseDirectory, isBuiltIn);
        if (library is not null)
        {
            return AppendPlugin(environment, session, library);
        }

        return isBuiltIn
            ? AppendBuiltIn(session)
            : throw Unavailable(
                Name,
                $"this native ONNX Runtime was built without it (it has {string.Join(", ", environment.GetAvailableProviders())}), " +
                $"and no plug-in library was found in '{AppContext.BaseDirectory}'",
                Package,
                $"Add the package {Package} (newer releases: {Package}12 or {Package}13 followed by .{Platform}) beside " +
                "Microsoft.ML.OnnxRuntime, or replace Microsoft.ML.OnnxRuntime by Microsoft.ML.OnnxRuntime.Gpu of the same version.");
    }

    /// <summary>Looks where the plug-in's package puts its library: beside the app, or in a folder for the platform.</summary>
    internal static string? FindPlugin(string folder, bool isBuiltIn)
    {
        // The GPU build's own library has the name that newer plug-ins use; there only the preview's name is telling.
        string[] names = isBuiltIn ? ["onnxruntime_providers_cuda_plugin"] : ["onnxruntime_providers_cuda", "onnxruntime_providers_cuda_plugin"];
        return names
            .Select(static n => OperatingSystem.IsWindows() ? n + ".dll" : $"lib{n}.so")
            .SelectMany(n => new[] { Path.Combine(folder, n), Path.Combine(folder, "runtimes", Platform, "native", n) })
            .FirstOrDefault(File.Exists);
    }

    private static string Platform =>
        (OperatingSystem.IsWindows() ? "win-" : "linux-") + RuntimeInformation.ProcessArchitecture.ToString().ToLowerInvariant();

    private ProviderSetup AppendPlugin(OrtEnv environment, SessionOptions session, string library)
    {
        OrtEpDevice? device;
        try
        {
            string deviceId = _options["device_id"];
            OrtEpDevice[] devices = [.. PluginLibraries.GetDevices(environment, library)
                .Where(static d => d.EpName is NativeName or PreviewNativeName)];
            device = Array.Find(devices, d => d.EpMetadata.Entries.GetValueOrDefault("cuda_device_id") == deviceId)
                ?? devices.ElementAtOrDefault(_deviceId);
            if (device is null)
            {
                throw Unavailable(
                    Name,
                    $"its plug-in library '{library}' finds {devices.Length} GPUs, and device {deviceId} was asked for",
                    package: null,
                    "Check that an NVIDIA driver is installed and that the process may use the GPU.");
            }

            ShareLimitedArena(environment, session, device);

            // The device is chosen by the object; the plug-in takes no option for it, and no arena options either.
            session.AppendExecutionProvider(environment, [device], _options
                .Where(static o => o.Key is not ("device_id" or "gpu_mem_limit" or "arena_extend_strategy" or "has_user_compute_stream"))
                .ToDictionary());
        }
        catch (OnnxRuntimeException exception)
        {
            throw Unavailable(
                Name,
                exception.Message,
                package: null,
                $"The plug-in library '{library}' needs CUDA and cuDNN of the versions that its package names, and an NVIDIA driver.",
                exception);
        }

        return new ProviderSetup { NativeNames = [device.EpName], IsPlugin = true };
    }

    /// <summary>The plug-in's arena belongs to the environment, so a limit on it is set there and the session is told to use it.</summary>
    private void ShareLimitedArena(OrtEnv environment, SessionOptions session, OrtEpDevice device)
    {
        var arena = new Dictionary<string, string>();
        if (_options.TryGetValue("gpu_mem_limit", out string? limit))
        {
            arena["arena.max_mem"] = limit;
        }

        if (_options.TryGetValue("arena_extend_strategy", out string? strategy))
        {
            arena["arena.extend_strategy"] = strategy == "kSameAsRequested" ? "1" : "0";
        }

        if (arena.Count > 0)
        {
            string deviceKey = $"{device.EpName} {_options["device_id"]}";
            if (PluginLibraries.ShareArena(environment, device, deviceKey, arena) is { } existing)
            {
                throw Unavailable(
                    Name,
                    $"the memory arena of device {_options["device_id"]} is shared by the process, and another model has set it to {existing}",
                    package: null,
                    "Give all models on the device the same limit and strategy.");
            }

            session.AddSessionConfigEntry("session.use_env_allocators", "1");
        }
    }

    private ProviderSetup AppendBuiltIn(SessionOptions session)
    {
        if (UsesCudaGraph)
        {
            throw Unavailable(
                Name,
                "CUDA graphs replay fixed addresses, and only the plug-in library can copy new inputs to them",
                Package,
                $"Add the package {Package}, or leave {nameof(CudaOptions.UseCudaGraph)} off.");
        }

        try
        {
            using var options = new OrtCUDAProviderOptions();
            options.UpdateOptions(_options);
            session.AppendExecutionProvider_CUDA(options);
        }
        catch (Exception exception) when (exception is OnnxRuntimeException or EntryPointNotFoundException)
        {
            throw Unavailable(
                Name,
                exception.Message,
                package: null,
                "Microsoft.ML.OnnxRuntime.Gpu needs CUDA and cuDNN of the versions that it names on the library path, and an NVIDIA driver.",
                exception);
        }

        return new ProviderSetup { NativeNames = [NativeName] };
    }
}
