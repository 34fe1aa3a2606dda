namespace RealtimeInference;

/// <summary>A model was trained with other features than those that an encoder makes.</summary>
/// <remarks>Both would run, and the predictions would be wrong in silence; so the predictor is not built.</remarks>
public sealed class SpecificationMismatchException : PredictionException
{
    internal SpecificationMismatchException(string modelHash, string specificationHash)
        : base($"The model was trained with the feature specification {modelHash}, but the encoder has {specificationHash}. " +
            "Deploy the specification that was written when the model was trained, beside the model; or, if this one is right, " +
            $"write its hash into the model's metadata under '{FeatureSpecification.HashMetadataKey}'.")
    {
        ModelHash = modelHash;
        SpecificationHash = specificationHash;
    }

    /// <summary>Gets the hash in the model's metadata.</summary>
    public string ModelHash { get; }

    /// <summary>Gets the hash of the specification that the encoder was made of.</summary>
    public string SpecificationHash { get; }
}
