using System.Numerics.Tensors;
using RealtimeInference;

namespace QuickStart;

/// <summary>Turns the model's probabilities into a type; into plain text or unknown where the model is not sure enough.</summary>
public sealed class MagikaDecoder : IOutputDecoder<FileSample, FileType>
{
    private const string Output = "target_label";

    // What each of the model's classes leads to, looked up once: decoding is then a search for the maximum.
    private readonly ModelClass[] _classes;

    public MagikaDecoder(MagikaConfig config, ContentTypes contentTypes) =>
        _classes = [.. config.TargetLabelsSpace.Select(label => Describe(label, config, contentTypes))];

    public void CheckSignature(ModelSignature signature)
    {
        TensorSpec output = signature.GetOutput(Output);
        if (output.ElementType != TensorElementType.Float32 || output.Dimensions is not [_, { Length: { } length }] || length != _classes.Length)
        {
            throw new TensorMismatchException(
                Output,
                $"{_classes.Length} labels",
                output.ToString(),
                $"config.json describes another model: it names {_classes.Length} labels, the model answers '{output}'.");
        }
    }

    public FileType Decode(FileSample input, OutputTensors tensors)
    {
        ReadOnlySpan<float> probabilities = tensors.Get<float>(Output);
        int best = TensorPrimitives.IndexOfMax(probabilities);
        float probability = probabilities[best];
        ModelClass top = _classes[best];
        return new FileType(probability >= top.Threshold ? top.IfSure : top.IfUnsure, probability, top.Label);
    }

    private static ModelClass Describe(string label, MagikaConfig config, ContentTypes contentTypes)
    {
        ContentType type = contentTypes[config.OverwriteMap.GetValueOrDefault(label, label)];
        float threshold = config.Thresholds.GetValueOrDefault(label, config.MediumConfidenceThreshold);
        return new ModelClass(label, threshold, IfSure: type, IfUnsure: contentTypes.Generic(type.IsText));
    }

    private sealed record ModelClass(string Label, float Threshold, ContentType IfSure, ContentType IfUnsure);
}
