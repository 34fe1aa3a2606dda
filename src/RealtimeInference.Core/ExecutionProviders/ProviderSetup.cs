namespace RealtimeInference;

/// <summary>What a provider did to a session, for the report and for the binding of tensors.</summary>
internal sealed record ProviderSetup
{
    /// <summary>Gets the names under which ONNX Runtime counts the provider's nodes; empty where it may be any.</summary>
    public required string[] NativeNames { get; init; }

    /// <summary>Gets whether it comes from a registered library, which can copy tensors to its device.</summary>
    public bool IsPlugin { get; init; }

    /// <summary>Gets whether a session runs one request at a time.</summary>
    public bool IsSerial { get; init; }

    /// <summary>Gets whether it is the CPU, which is always there to fall back to.</summary>
    public bool IsCpu { get; init; }
}
