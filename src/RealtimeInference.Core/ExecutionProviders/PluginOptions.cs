namespace RealtimeInference;

/// <summary>Options of <see cref="ExecutionProvider.Plugin"/>.</summary>
public sealed class PluginOptions
{
    /// <summary>Gets or sets the plug-in library; must be set.</summary>
    public string? LibraryPath { get; set; }

    /// <summary>Gets or sets the provider's name, for a library that holds several.</summary>
    /// <value><see langword="null"/> by default: the first that the library brings.</value>
    public string? ProviderName { get; set; }

    /// <summary>Gets or sets which of the provider's devices, from 0.</summary>
    /// <value>0 by default.</value>
    public int DeviceIndex { get; set; }

    /// <summary>Gets the provider's own options, without a prefix.</summary>
    public IDictionary<string, string> Options { get; } = new Dictionary<string, string>();
}
