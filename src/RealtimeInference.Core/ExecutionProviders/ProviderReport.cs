namespace RealtimeInference;

/// <summary>Where a model was asked to run, where it runs, and why.</summary>
public sealed record ProviderReport
{
    /// <summary>Gets the providers that were asked for, in order.</summary>
    public required IReadOnlyList<string> Requested { get; init; }

    /// <summary>Gets the provider that the model got.</summary>
    public required string Selected { get; init; }

    /// <summary>Gets the providers that were tried before and not taken, each with the reason.</summary>
    public required IReadOnlyList<RejectedProvider> Rejected { get; init; }

    /// <summary>Gets how many nodes of the graph each provider took, by ONNX Runtime's name for the provider.</summary>
    /// <remarks>As ONNX Runtime records it: after its basic rewrites, before nodes are fused.</remarks>
    public required IReadOnlyDictionary<string, int> NodesByProvider { get; init; }

    /// <inheritdoc/>
    public override string ToString() =>
        $"asked for {string.Join(", ", Requested)}; got {Selected}; nodes: " +
        string.Join(", ", NodesByProvider.Select(static n => $"{n.Key} {n.Value}")) +
        string.Concat(Rejected.Select(static r => $"; not {r.Name}: {r.Reason}"));
}
