namespace RealtimeInference;

/// <summary>How far ONNX Runtime rewrites a graph while it loads it.</summary>
public enum GraphOptimization
{
    /// <summary>Not at all: the quickest load.</summary>
    None,

    /// <summary>Rewrites that keep the meaning of every node, such as constant folding.</summary>
    Basic,

    /// <summary>Also fuses nodes into the provider's own.</summary>
    Extended,

    /// <summary>Also changes the memory layout: the quickest runs.</summary>
    All,
}
