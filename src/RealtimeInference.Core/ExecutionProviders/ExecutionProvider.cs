using Microsoft.ML.OnnxRuntime;

namespace RealtimeInference;

/// <summary>Where an <see cref="OnnxModel"/> runs.</summary>
/// <remarks>Immutable: one instance may serve any number of models.</remarks>
public abstract class ExecutionProvider
{
    private protected ExecutionProvider(string name) => Name = name;

    /// <summary>Gets the name that reports and errors use.</summary>
    public string Name { get; }

    /// <summary>Gets ONNX Runtime's own kernels for the CPU, which every build has.</summary>
    public static ExecutionProvider Cpu { get; } = new CpuProvider();

    /// <summary>Makes the provider for NVIDIA GPUs.</summary>
    /// <param name="configure">Changes its options.</param>
    /// <returns>The provider.</returns>
    /// <remarks>
    /// Uses the plug-in library of the package Microsoft.ML.OnnxRuntime.EP.Cuda (newer releases:
    /// Microsoft.ML.OnnxRuntime.EP.Cuda12 or Cuda13 with the platform at the end) where the app has it, else the provider
    /// that is built into Microsoft.ML.OnnxRuntime.Gpu. Found when the model is loaded, not here.
    /// </remarks>
    public static ExecutionProvider Cuda(Action<CudaOptions>? configure = null)
    {
        var options = new CudaOptions();
        configure?.Invoke(options);
        return new CudaProvider(options);
    }

    /// <summary>Makes the provider for any DirectX 12 device on Windows, of the package Microsoft.ML.OnnxRuntime.DirectML.</summary>
    /// <param name="configure">Changes its options.</param>
    /// <returns>The provider.</returns>
    /// <remarks>
    /// Sets what it demands of a session: no memory pattern, operators one after the other, and one run at a time.
    /// </remarks>
    public static ExecutionProvider DirectMl(Action<DirectMlOptions>? configure = null)
    {
        var options = new DirectMlOptions();
        configure?.Invoke(options);
        return new DirectMlProvider(options);
    }

    /// <summary>Makes a provider that the native library has built in, by ONNX Runtime's name for it.</summary>
    /// <param name="name">Such as <c>XNNPACK</c>, <c>QNN</c>, <c>OpenVINO</c> or <c>WebGPU</c>.</param>
    /// <param name="options">The provider's own options.</param>
    /// <returns>The provider.</returns>
    public static ExecutionProvider Named(string name, IReadOnlyDictionary<string, string>? options = null)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        return new NamedProvider(name, options ?? new Dictionary<string, string>());
    }

    /// <summary>Makes a provider from a plug-in library, which is registered when the first model asks for it.</summary>
    /// <param name="configure">Sets at least <see cref="PluginOptions.LibraryPath"/>.</param>
    /// <returns>The provider.</returns>
    /// <exception cref="ArgumentException">No library was named.</exception>
    public static ExecutionProvider Plugin(Action<PluginOptions> configure)
    {
        ArgumentNullException.ThrowIfNull(configure);
        var options = new PluginOptions();
        configure(options);
        return new PluginProvider(options);
    }

    /// <summary>Lets ONNX Runtime choose among the devices that it and the registered plug-in libraries know.</summary>
    /// <param name="policy">What to prefer.</param>
    /// <returns>The provider.</returns>
    public static ExecutionProvider ByPolicy(DevicePolicy policy) => new PolicyProvider(policy);

    /// <inheritdoc/>
    public override string ToString() => Name;

    /// <summary>Adds the provider to a session that is about to be made.</summary>
    /// <exception cref="ExecutionProviderUnavailableException">It cannot be used here.</exception>
    internal abstract ProviderSetup Append(OrtEnv environment, SessionOptions session);

    private protected static ExecutionProviderUnavailableException Unavailable(
        string name, string reason, string? package, string fix, Exception? inner = null) =>
        new(name, reason, package, $"The execution provider {name} cannot be used: {reason.TrimEnd('.')}. {fix}", inner);
}
