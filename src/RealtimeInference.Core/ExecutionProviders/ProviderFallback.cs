namespace RealtimeInference;

/// <summary>What may happen when the provider that was asked for cannot take the whole model.</summary>
public enum ProviderFallback
{
    /// <summary>Nothing: a provider that is missing, or that leaves nodes to the CPU, fails the load.</summary>
    None,

    /// <summary>Nodes that the provider cannot run go to the CPU; a provider that is missing fails the load.</summary>
    NodesToCpu,

    /// <summary>As <see cref="NodesToCpu"/>, and a provider that is missing gives way to the next of the list.</summary>
    NextProvider,
}
