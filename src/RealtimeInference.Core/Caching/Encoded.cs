namespace RealtimeInference;

/// <summary>An example together with its tensors.</summary>
internal readonly struct Encoded<T>(T value, InputSet tensors)
{
    public T Value { get; } = value;

    public InputSet Tensors { get; } = tensors;
}

/// <summary>Writes what the example's own encoder has written before.</summary>
internal sealed class EncodedCopier<T>(IInputEncoder<T> encoder) : IInputEncoder<Encoded<T>>
{
    public void Encode(Encoded<T> input, InputTensors tensors) => tensors.CopyFrom(input.Tensors);

    public void CheckSignature(ModelSignature signature) => encoder.CheckSignature(signature);
}

/// <summary>Reads the result of an example that came with its tensors.</summary>
internal sealed class EncodedDecoder<T, TOut>(IOutputDecoder<T, TOut> decoder) : IOutputDecoder<Encoded<T>, TOut>
{
    public TOut Decode(Encoded<T> input, OutputTensors tensors) => decoder.Decode(input.Value, tensors);

    public void CheckSignature(ModelSignature signature) => decoder.CheckSignature(signature);
}
