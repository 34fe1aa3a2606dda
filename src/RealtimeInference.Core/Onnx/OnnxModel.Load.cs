namespace RealtimeInference;

public sealed partial class OnnxModel
{
    /// <summary>Loads a model from a file. Weights that lie outside it are found beside it.</summary>
    /// <param name="path">The file, in ONNX or ORT format.</param>
    /// <param name="options">How it is loaded and run.</param>
    /// <returns>The model, warm; the caller disposes it.</returns>
    /// <exception cref="ModelLoadException">The file is missing, damaged, or uses what is not supported.</exception>
    /// <exception cref="ExecutionProviderUnavailableException">A provider that was asked for cannot be used.</exception>
    /// <exception cref="NativeRuntimeException">The native ONNX Runtime is missing or too old.</exception>
    /// <exception cref="ArgumentException">The options have faults; the message names them all.</exception>
    public static OnnxModel Load(string path, OnnxModelOptions? options = null)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        return new OnnxModelLoader(new ModelSource(path, null), options).Load(CancellationToken.None);
    }

    /// <summary>Loads a model from memory. It is copied.</summary>
    /// <param name="bytes">The content of the file.</param>
    /// <param name="options">How it is loaded and run; see <see cref="OnnxModelOptions.ExternalDataFolder"/> for weights outside it.</param>
    /// <returns>The model, warm; the caller disposes it.</returns>
    /// <inheritdoc cref="Load(string, OnnxModelOptions?)" path="/exception"/>
    public static OnnxModel Load(ReadOnlyMemory<byte> bytes, OnnxModelOptions? options = null) =>
        new OnnxModelLoader(new ModelSource(null, bytes), options).Load(CancellationToken.None);

    /// <summary>Loads a model from a stream, which is read to its end.</summary>
    /// <param name="stream">The content of the file.</param>
    /// <param name="options">How it is loaded and run; see <see cref="OnnxModelOptions.ExternalDataFolder"/> for weights outside it.</param>
    /// <returns>The model, warm; the caller disposes it.</returns>
    /// <inheritdoc cref="Load(string, OnnxModelOptions?)" path="/exception"/>
    public static OnnxModel Load(Stream stream, OnnxModelOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(stream);
        using var memory = new MemoryStream();
        stream.CopyTo(memory);
        return Load(memory.GetBuffer().AsMemory(0, (int)memory.Length), options);
    }

    /// <summary>Loads a model from a file without blocking the caller.</summary>
    /// <param name="path">The file, in ONNX or ORT format.</param>
    /// <param name="options">How it is loaded and run.</param>
    /// <param name="cancellationToken">Gives the load up.</param>
    /// <returns>The model, warm; the caller disposes it.</returns>
    /// <inheritdoc cref="Load(string, OnnxModelOptions?)" path="/exception"/>
    public static Task<OnnxModel> LoadAsync(
        string path, OnnxModelOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        var loader = new OnnxModelLoader(new ModelSource(path, null), options);
        return Task.Run(() => loader.Load(cancellationToken), cancellationToken);
    }

    internal static OnnxModel Create(OnnxSession session, ProviderReport providers, OnnxModelOptions options) =>
        new(session, providers, options);
}
