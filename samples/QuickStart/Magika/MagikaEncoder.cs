using System.Numerics.Tensors;
using RealtimeInference;

namespace QuickStart;

/// <summary>Writes a file as the model reads it: the first bytes, then the last bytes, each as a number from 0 to 255.</summary>
public sealed class MagikaEncoder(MagikaConfig config) : IInputEncoder<FileSample>
{
    private const string Input = "bytes";

    public void CheckSignature(ModelSignature signature)
    {
        if (!signature.HasBatchDimension)
        {
            throw Mismatch("a first dimension that counts files", signature.ToString(), $"Load the model with {nameof(BatchDimension)}.{nameof(BatchDimension.First)}.");
        }

        TensorSpec input = signature.GetInput(Input);
        int expected = config.BegSize + config.EndSize;
        if (input.ElementType != TensorElementType.Int32 || input.Dimensions is not [_, { Length: { } length }] || length != expected)
        {
            throw Mismatch($"{expected} numbers of type int", input.ToString(), "config.json describes another model.");
        }

        static TensorMismatchException Mismatch(string expected, string found, string fix) =>
            new(Input, expected, found, $"The encoder needs {expected}, but the model takes '{found}'. {fix}");
    }

    public void Encode(FileSample input, InputTensors tensors)
    {
        // The memory that the model reads: nothing is copied after this. Every element is written, so it need not be cleared.
        Span<int> numbers = tensors.GetUninitialized<int>(Input);
        WriteBeginning(Whitespace.TrimStart(input.Head.Span), numbers[..config.BegSize]);
        WriteEnd(Whitespace.TrimEnd(input.Tail.Span), numbers[config.BegSize..]);
    }

    private void WriteBeginning(ReadOnlySpan<byte> bytes, Span<int> numbers)
    {
        int count = Math.Min(bytes.Length, numbers.Length);
        TensorPrimitives.ConvertTruncating(bytes[..count], numbers[..count]);
        numbers[count..].Fill(config.PaddingToken);
    }

    private void WriteEnd(ReadOnlySpan<byte> bytes, Span<int> numbers)
    {
        int count = Math.Min(bytes.Length, numbers.Length);
        TensorPrimitives.ConvertTruncating(bytes[^count..], numbers[^count..]);
        numbers[..^count].Fill(config.PaddingToken);
    }
}
