using Microsoft.ML.OnnxRuntime;
using OrtElementType = Microsoft.ML.OnnxRuntime.Tensors.TensorElementType;

namespace RealtimeInference;

/// <summary>Reads the signature of a session, and refuses what this library cannot feed or read.</summary>
internal static class OnnxSignatureReader
{
    public static ModelSignature Read(InferenceSession session, BatchDimension batchDimension)
    {
        var faults = new List<string>();
        TensorSpec[] inputs =
        [
            .. session.InputNames.Select(n => Read(n, session.InputMetadata[n], isInput: true, isOptional: false, faults)).OfType<TensorSpec>(),

            // An input with a default value in the graph. ONNX Runtime lists it apart.
            .. session.OverridableInitializerMetadata
                .Select(m => Read(m.Key, m.Value, isInput: true, isOptional: true, faults)).OfType<TensorSpec>(),
        ];
        TensorSpec[] outputs =
        [
            .. session.OutputNames.Select(n => Read(n, session.OutputMetadata[n], isInput: false, isOptional: false, faults)).OfType<TensorSpec>(),
        ];
        if (faults.Count > 0)
        {
            throw new NotSupportedException(string.Join(" ", faults));
        }

        return new ModelSignature(inputs, outputs, ReadMetadata(session.ModelMetadata), batchDimension);
    }

    public static OrtElementType ToOrt(TensorElementType type) => type switch
    {
        TensorElementType.Float32 => OrtElementType.Float,
        TensorElementType.Float64 => OrtElementType.Double,
        TensorElementType.Float16 => OrtElementType.Float16,
        TensorElementType.BFloat16 => OrtElementType.BFloat16,
        TensorElementType.Int8 => OrtElementType.Int8,
        TensorElementType.Int16 => OrtElementType.Int16,
        TensorElementType.Int32 => OrtElementType.Int32,
        TensorElementType.Int64 => OrtElementType.Int64,
        TensorElementType.UInt8 => OrtElementType.UInt8,
        TensorElementType.UInt16 => OrtElementType.UInt16,
        TensorElementType.UInt32 => OrtElementType.UInt32,
        TensorElementType.UInt64 => OrtElementType.UInt64,
        TensorElementType.Boolean => OrtElementType.Bool,
        _ => OrtElementType.String,
    };

    private static TensorSpec? Read(string name, NodeMetadata metadata, bool isInput, bool isOptional, List<string> faults)
    {
        // Only tensors have dimensions and an element type to ask for; the rest throws.
        switch (metadata.OnnxValueType)
        {
            case OnnxValueType.ONNX_TYPE_TENSOR:
                return ReadTensor(name, metadata, isOptional, faults);
            case OnnxValueType.ONNX_TYPE_OPTIONAL when isInput && metadata.AsOptionalMetadata().ElementMeta.IsTensor:
                return ReadTensor(name, metadata.AsOptionalMetadata().ElementMeta, isOptional: true, faults);
            case OnnxValueType.ONNX_TYPE_SEQUENCE when !isInput && ReadMaps(name, metadata.AsSequenceMetadata().ElementMeta) is { } maps:
                return maps;
            default:
                faults.Add(
                    $"{(isInput ? "Input" : "Output")} '{name}' is of the kind {Describe(metadata)}, which is not supported: inputs are tensors or " +
                    "optional tensors, outputs are tensors or sequences of maps. Export the model with tensors instead.");
                return null;
        }
    }

    private static TensorSpec? ReadTensor(string name, NodeMetadata metadata, bool isOptional, List<string> faults)
    {
        if (FromOrt(metadata.ElementDataType) is not { } type)
        {
            faults.Add($"'{name}' has elements of type {metadata.ElementDataType}, which is not supported. Cast it inside the model.");
            return null;
        }

        var dimensions = new TensorDimension[metadata.Dimensions.Length];
        for (int i = 0; i < dimensions.Length; i++)
        {
            string symbol = metadata.SymbolicDimensions[i];
            dimensions[i] = metadata.Dimensions[i] >= 0
                ? TensorDimension.Fixed(metadata.Dimensions[i])
                : TensorDimension.Free(IsGenerated(symbol) ? null : symbol);
        }

        return new TensorSpec(name, type, dimensions, isOptional);
    }

    // The TensorFlow converter makes up a name for each dimension that has none: equal ones mean nothing.
    private static bool IsGenerated(string symbol) => symbol.Length == 0 || symbol.StartsWith("unk__", StringComparison.Ordinal);

    // Scikit-learn's converters write ZipMap: keys are int64 or string, values are float.
    private static TensorSpec? ReadMaps(string name, NodeMetadata element)
    {
        if (element.OnnxValueType != OnnxValueType.ONNX_TYPE_MAP)
        {
            return null;
        }

        MapMetadata map = element.AsMapMetadata();
        return map.KeyDataType is OrtElementType.Int64 or OrtElementType.String
            && map.ValueMetadata is { IsTensor: true, ElementDataType: OrtElementType.Float }
            ? new TensorSpec(name, TensorElementType.Float32, [], kind: TensorKind.SequenceOfMaps, mapKeyType: FromOrt(map.KeyDataType))
            : null;
    }

    private static string Describe(NodeMetadata metadata) => metadata.OnnxValueType switch
    {
        OnnxValueType.ONNX_TYPE_SEQUENCE => $"sequence of {Describe(metadata.AsSequenceMetadata().ElementMeta)}",
        OnnxValueType.ONNX_TYPE_OPTIONAL => $"optional {Describe(metadata.AsOptionalMetadata().ElementMeta)}",
        OnnxValueType.ONNX_TYPE_TENSOR => $"tensor of {metadata.ElementDataType}",
        OnnxValueType.ONNX_TYPE_MAP => "map",
        OnnxValueType.ONNX_TYPE_SPARSETENSOR => "sparse tensor",
        _ => "opaque value",
    };

    private static TensorElementType? FromOrt(OrtElementType type) => type switch
    {
        OrtElementType.Float => TensorElementType.Float32,
        OrtElementType.Double => TensorElementType.Float64,
        OrtElementType.Float16 => TensorElementType.Float16,
        OrtElementType.BFloat16 => TensorElementType.BFloat16,
        OrtElementType.Int8 => TensorElementType.Int8,
        OrtElementType.Int16 => TensorElementType.Int16,
        OrtElementType.Int32 => TensorElementType.Int32,
        OrtElementType.Int64 => TensorElementType.Int64,
        OrtElementType.UInt8 => TensorElementType.UInt8,
        OrtElementType.UInt16 => TensorElementType.UInt16,
        OrtElementType.UInt32 => TensorElementType.UInt32,
        OrtElementType.UInt64 => TensorElementType.UInt64,
        OrtElementType.Bool => TensorElementType.Boolean,
        OrtElementType.String => TensorElementType.String,
        _ => null,
    };

    private static ModelMetadata ReadMetadata(Microsoft.ML.OnnxRuntime.ModelMetadata metadata) => new()
    {
        Producer = metadata.ProducerName,
        GraphName = metadata.GraphName,
        Description = metadata.Description,
        Domain = metadata.Domain,
        Version = metadata.Version,
        Custom = metadata.CustomMetadataMap,
    };
}
