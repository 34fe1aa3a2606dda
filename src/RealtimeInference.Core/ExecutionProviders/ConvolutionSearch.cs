namespace RealtimeInference;

/// <summary>How cuDNN finds the algorithm for a convolution.</summary>
public enum ConvolutionSearch
{
    /// <summary>By trying them all: a slow first run of each shape, the quickest ones later.</summary>
    Exhaustive,

    /// <summary>By cuDNN's own estimate.</summary>
    Heuristic,

    /// <summary>Not at all: one default algorithm.</summary>
    Default,
}
