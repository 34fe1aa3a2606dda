using Microsoft.ML.OnnxRuntime;

namespace RealtimeInference;

internal sealed class PluginProvider : ExecutionProvider
{
    private readonly string _libraryPath;
    private readonly string? _providerName;
    private readonly int _deviceIndex;
    private readonly Dictionary<string, string> _options;

    public PluginProvider(PluginOptions options)
        : base(options.ProviderName ?? Path.GetFileNameWithoutExtension(options.LibraryPath) ?? "plug-in")
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(options.LibraryPath, nameof(PluginOptions.LibraryPath));
        ArgumentOutOfRangeException.ThrowIfNegative(options.DeviceIndex, nameof(PluginOptions.DeviceIndex));
        _libraryPath = options.LibraryPath;
        _providerName = options.ProviderName;
        _deviceIndex = options.DeviceIndex;
        _options = new Dictionary<string, string>(options.Options);
    }

    internal override ProviderSetup Append(OrtEnv environment, SessionOptions session)
    {
        OrtEpDevice[] devices;
        try
        {
            devices = [.. PluginLibraries.GetDevices(environment, _libraryPath)
                .Where(d => _providerName is null || d.EpName == _providerName)];
        }
        catch (OnnxRuntimeException exception)
        {
            throw Unavailable(
                Name, exception.Message, package: null, $"Check the plug-in library '{Path.GetFullPath(_libraryPath)}' and what it needs.", exception);
        }

        if (_deviceIndex >= devices.Length)
        {
            throw Unavailable(
                Name,
                $"its library '{_libraryPath}' offers {devices.Length} devices here, and device {_deviceIndex} was asked for",
                package: null,
                "Check the hardware, its driver, and the options.");
        }

        OrtEpDevice device = devices[_deviceIndex];
        try
        {
            session.AppendExecutionProvider(environment, [device], _options);
        }
        catch (OnnxRuntimeException exception)
        {
            throw Unavailable(Name, exception.Message, package: null, "Check the options of the plug-in and of its device.", exception);
        }

        return new ProviderSetup { NativeNames = [device.EpName], IsPlugin = true };
    }
}
