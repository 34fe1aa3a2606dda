namespace RealtimeInference.Core.Tests.Tabular;

/// <summary>What an encoder writes, without a model to run.</summary>
internal static class Encoded
{
    /// <summary>Encodes one example.</summary>
    /// <returns>The elements of each tensor: floats, or longs as they are.</returns>
    public static Array[] Write<T>(IInputEncoder<T> encoder, T input, IEnumerable<FeatureTensor> tensors)
    {
        var signature = new ModelSignature(
            [.. tensors.Select(static t => new TensorSpec(t.Name, t.ElementType, [TensorDimension.Free("N"), TensorDimension.Fixed(t.Width)]))],
            [new TensorSpec("y", TensorElementType.Float32, [TensorDimension.Free("N"), TensorDimension.Fixed(1)])]);
        encoder.CheckSignature(signature);
        var set = new InputSet(signature);
        set.Begin(1);
        try
        {
            // Rubbish first: an encoder must not count on what is there.
            foreach (TensorBuffer buffer in set.Buffers)
            {
                set.Write(buffer);
                buffer.Bytes.Fill(0xA5);
            }

            encoder.Encode(input, new InputTensors(set, 0));
            return [.. set.Buffers.Select(static b => b.Spec.ElementType == TensorElementType.Int64 ? (Array)b.GetSpan<long>().ToArray() : b.GetSpan<float>().ToArray())];
        }
        finally
        {
            set.Free();
        }
    }

    /// <summary>Encodes one example into the only tensor, of floats.</summary>
    public static float[] Floats<T>(IInputEncoder<T> encoder, T input, FeatureSpecification specification) =>
        (float[])Write(encoder, input, specification.Tensors)[0];

    /// <summary>Encodes one text in the only column, which is called <c>x</c>.</summary>
    public static float[] X(string feature, string? value)
    {
        FeatureSpecification specification = Specification(feature);
        return Floats(specification.CreateTextEncoder(), new Dictionary<string, string?> { ["x"] = value }, specification);
    }

    /// <summary>Makes a specification of one feature, from the fields after its name.</summary>
    public static FeatureSpecification Specification(string feature) =>
        FeatureSpecification.Parse($$"""{ "inputs": [ { "name": "x", {{feature}} } ] }""");
}
