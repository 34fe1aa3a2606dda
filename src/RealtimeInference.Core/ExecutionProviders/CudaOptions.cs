using System.Globalization;

namespace RealtimeInference;

/// <summary>Options of <see cref="ExecutionProvider.Cuda"/>. What is left unset keeps the provider's own default.</summary>
/// <remarks>Source: ONNX Runtime, CUDA execution provider, configuration options.</remarks>
public sealed class CudaOptions
{
    /// <summary>Gets or sets which GPU, from 0.</summary>
    /// <value>0 by default.</value>
    public int DeviceId { get; set; }

    /// <summary>Gets or sets the most memory that the arena of this model takes, in bytes.</summary>
    /// <value><see langword="null"/> by default: no limit. Does not count weights of other models on the same GPU.</value>
    public long? MemoryLimit { get; set; }

    /// <summary>Gets or sets by how much the arena grows.</summary>
    /// <value><see langword="null"/> by default: the provider's default, to the next power of two.</value>
    public ArenaExtendStrategy? ArenaExtendStrategy { get; set; }

    /// <summary>Gets or sets how algorithms for convolutions are found.</summary>
    /// <value><see langword="null"/> by default: the provider's default, by trying them all.</value>
    public ConvolutionSearch? ConvolutionSearch { get; set; }

    /// <summary>Gets or sets whether convolutions may take as much workspace as they want.</summary>
    /// <value><see langword="null"/> by default: the provider's default, yes.</value>
    public bool? ConvolutionMaxWorkspace { get; set; }

    /// <summary>Gets or sets whether runs are recorded as a CUDA graph and replayed. Needs fixed shapes and the plug-in library.</summary>
    /// <value><see langword="false"/> by default.</value>
    public bool UseCudaGraph { get; set; }

    /// <summary>Gets or sets whether matrix products may use TF32: quicker, with 10 bits of mantissa.</summary>
    /// <value><see langword="null"/> by default: the provider's default, yes.</value>
    public bool? UseTf32 { get; set; }

    /// <summary>Gets or sets whether channels come last in memory.</summary>
    /// <value><see langword="null"/> by default: the provider's default, no.</value>
    public bool? PreferChannelsLast { get; set; }

    /// <summary>Gets or sets whether copies go in the stream that also computes, which is the safe order.</summary>
    /// <value><see langword="null"/> by default: the provider's default, yes.</value>
    public bool? CopyInDefaultStream { get; set; }

    /// <summary>Gets or sets a CUDA stream of the host's own (<c>cudaStream_t</c>) to compute in.</summary>
    /// <value>0 by default: the provider makes one.</value>
    public nint ComputeStream { get; set; }

    /// <summary>Gets or sets the plug-in library.</summary>
    /// <value><see langword="null"/> by default: looked for beside the app, where its package puts it.</value>
    public string? PluginLibraryPath { get; set; }

    /// <summary>Gets further options by the provider's own keys; they win over the properties.</summary>
    public IDictionary<string, string> Additional { get; } = new Dictionary<string, string>();

    internal Dictionary<string, string> ToProviderOptions()
    {
        var options = new Dictionary<string, string> { ["device_id"] = DeviceId.ToString(CultureInfo.InvariantCulture) };
        Add("gpu_mem_limit", MemoryLimit?.ToString(CultureInfo.InvariantCulture));
        Add("arena_extend_strategy", ArenaExtendStrategy switch
        {
            RealtimeInference.ArenaExtendStrategy.NextPowerOfTwo => "kNextPowerOfTwo",
            RealtimeInference.ArenaExtendStrategy.SameAsRequested => "kSameAsRequested",
            _ => null,
        });
        Add("cudnn_conv_algo_search", ConvolutionSearch?.ToString().ToUpperInvariant());
        Add("cudnn_conv_use_max_workspace", Flag(ConvolutionMaxWorkspace));
        Add("enable_cuda_graph", UseCudaGraph ? "1" : null);
        Add("use_tf32", Flag(UseTf32));
        Add("prefer_nhwc", Flag(PreferChannelsLast));
        Add("do_copy_in_default_stream", Flag(CopyInDefaultStream));
        if (ComputeStream != 0)
        {
            options["has_user_compute_stream"] = "1";
            options["user_compute_stream"] = ((long)ComputeStream).ToString(CultureInfo.InvariantCulture);
        }

        foreach ((string key, string value) in Additional)
        {
            options[key] = value;
        }

        return options;

        void Add(string key, string? value)
        {
            if (value is not null)
            {
                options[key] = value;
            }
        }

        static string? Flag(bool? value) => value switch { true => "1", false => "0", null => null };
    }

    internal IEnumerable<string> GetFaults()
    {
        if (DeviceId < 0)
        {
            yield return $"{nameof(DeviceId)} is {DeviceId}: 0 or more.";
        }

        if (MemoryLimit <= 0)
        {
            yield return $"{nameof(MemoryLimit)} is {MemoryLimit}: more than 0 bytes.";
        }
    }
}
