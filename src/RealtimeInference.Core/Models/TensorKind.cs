namespace RealtimeInference;

/// <summary>What an input or output of a model holds.</summary>
public enum TensorKind
{
    /// <summary>A dense tensor.</summary>
    Tensor,

    /// <summary>
    /// A sequence of maps from a class to its score, one map per row: what classifiers exported from scikit-learn answer
    /// with (the ZipMap operator of ai.onnx.ml). Outputs only.
    /// </summary>
    SequenceOfMaps,
}
