using Microsoft.ML.OnnxRuntime;

namespace RealtimeInference;

internal sealed class CpuProvider() : ExecutionProvider("CPU")
{
    public const string NativeName = "CPUExecutionProvider";

    // Nothing to append: every session has it, and appending it conflicts with session.disable_cpu_ep_fallback.
    internal override ProviderSetup Append(OrtEnv environment, SessionOptions session) =>
        new() { NativeNames = [NativeName], IsCpu = true };
}

internal sealed class NamedProvider(string name, IReadOnlyDictionary<string, string> options) : ExecutionProvider(name)
{
    internal override ProviderSetup Append(OrtEnv environment, SessionOptions session)
    {
        try
        {
            session.AppendExecutionProvider(Name, new Dictionary<string, string>(options));
        }
        catch (Exception exception) when (exception is OnnxRuntimeException or EntryPointNotFoundException or NotSupportedException)
        {
            throw Unavailable(
                Name,
                exception.Message,
                package: null,
                $"This native ONNX Runtime has: {string.Join(", ", environment.GetAvailableProviders())}. Reference a native package " +
                $"that brings {Name}, or use {nameof(ExecutionProvider)}.{nameof(Plugin)} with its library.",
                exception);
        }

        // ONNX Runtime counts nodes by the long name, and takes the short one as well.
        return Name is "CPU" or CpuProvider.NativeName
            ? new ProviderSetup { NativeNames = [CpuProvider.NativeName], IsCpu = true }
            : new ProviderSetup { NativeNames = [Name, Name + "ExecutionProvider"] };
    }
}

internal sealed class PolicyProvider(DevicePolicy policy) : ExecutionProvider($"policy {policy}")
{
    internal override ProviderSetup Append(OrtEnv environment, SessionOptions session)
    {
        session.SetEpSelectionPolicy(policy switch
        {
            DevicePolicy.PreferCpu => ExecutionProviderDevicePolicy.PREFER_CPU,
            DevicePolicy.PreferNpu => ExecutionProviderDevicePolicy.PREFER_NPU,
            DevicePolicy.PreferGpu => ExecutionProviderDevicePolicy.PREFER_GPU,
            DevicePolicy.MaxPerformance => ExecutionProviderDevicePolicy.MAX_PERFORMANCE,
            DevicePolicy.MaxEfficiency => ExecutionProviderDevicePolicy.MAX_EFFICIENCY,
            DevicePolicy.MinPower => ExecutionProviderDevicePolicy.MIN_OVERALL_POWER,
            _ => ExecutionProviderDevicePolicy.DEFAULT,
        });

        // A preference for a device that is not the CPU is kept to, unless the host allows fallback: left alone, ONNX
        // Runtime takes the CPU without a word. The other policies may choose the CPU for good reasons.
        return new ProviderSetup
        {
            NativeNames = [],
            IsCpu = policy is not (DevicePolicy.PreferGpu or DevicePolicy.PreferNpu),
        };
    }
}

internal sealed class DirectMlProvider(DirectMlOptions options) : ExecutionProvider("DirectML")
{
    private const string Package = "Microsoft.ML.OnnxRuntime.DirectML";

    internal override ProviderSetup Append(OrtEnv environment, SessionOptions session)
    {
        if (!OperatingSystem.IsWindows())
        {
            throw Unavailable(Name, "DirectML exists on Windows only", package: null, "Use another provider on this system.");
        }

        try
        {
            session.EnableMemoryPattern = false;
            session.ExecutionMode = ExecutionMode.ORT_SEQUENTIAL;
            session.AppendExecutionProvider("DML", options.ToProviderOptions());
        }
        catch (Exception exception) when (exception is OnnxRuntimeException or EntryPointNotFoundException)
        {
            throw Unavailable(
                Name,
                exception.Message,
                Package,
                $"Reference {Package} in place of other native ONNX Runtime packages. It is released less often than the managed package, " +
                "which refuses an older native library: pin Microsoft.ML.OnnxRuntime.Managed to the same version.",
                exception);
        }

        return new ProviderSetup { NativeNames = ["DmlExecutionProvider"], IsSerial = true };
    }
}
