namespace RealtimeInference;

/// <summary>What a model file says about itself.</summary>
public sealed record ModelMetadata
{
    /// <summary>Gets the tool that wrote the model.</summary>
    public string Producer { get; init; } = "";

    /// <summary>Gets the name of the graph.</summary>
    public string GraphName { get; init; } = "";

    /// <summary>Gets the description of the model.</summary>
    public string Description { get; init; } = "";

    /// <summary>Gets the model's domain, in reverse DNS order.</summary>
    public string Domain { get; init; } = "";

    /// <summary>Gets the version number that the file carries.</summary>
    public long Version { get; init; }

    /// <summary>Gets the author's own key-value pairs.</summary>
    public IReadOnlyDictionary<string, string> Custom { get; init; } = new Dictionary<string, string>();
}
