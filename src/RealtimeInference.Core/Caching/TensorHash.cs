using System.IO.Hashing;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text;

namespace RealtimeInference;

/// <summary>A hash of 128 bits (XXH128) of an example's tensors: of their names, types, shapes and elements.</summary>
/// <remarks>
/// Each tensor is hashed on its own, and then the list of these hashes with the shapes: so no elements can move from one tensor to its neighbour
/// unnoticed, and large tensors are read where they lie. Thread-safe.
/// </remarks>
internal sealed class TensorHash
{
    // More inputs and dimensions than models have.
    private const int MaxStack = 1024;

    private readonly long _seed;
    private readonly UInt128 _signature;
    private readonly int _length;

    public TensorHash(ModelSignature signature, long seed)
    {
        _seed = seed;
        var text = new StringBuilder();
        foreach (TensorSpec input in signature.Inputs)
        {
            // The length says where a name ends, whatever is in it.
            text.Append(input.Name.Length).Append(':').Append(input.Name).Append(' ').Append((int)input.ElementType).Append(' ').Append((int)input.Kind).Append(';');
        }

        _signature = XxHash128.HashToUInt128(Encoding.UTF8.GetBytes(text.ToString()), seed);

        // For each input: its rank or its absence, its hash, its dimensions.
        _length = Unsafe.SizeOf<UInt128>() + signature.Inputs.Sum(static i => sizeof(long) + Unsafe.SizeOf<UInt128>() + (sizeof(long) * i.Dimensions.Count));
    }

    public UInt128 Compute(InputSet inputs)
    {
        Span<byte> digest = _length <= MaxStack ? stackalloc byte[MaxStack] : new byte[_length];
        int length = 0;
        Append(digest, ref length, _signature);
        foreach (TensorBuffer input in inputs.Buffers)
        {
            if (!input.HasValue)
            {
                Append(digest, ref length, -1L);
                continue;
            }

            Append(digest, ref length, (long)input.Shape.Length);
            Append(digest, ref length, input.Spec.ElementType == TensorElementType.String ? Hash(input.Strings) : XxHash128.HashToUInt128(input.Bytes, _seed));
            foreach (long dimension in input.Shape)
            {
                Append(digest, ref length, dimension);
            }
        }

        return XxHash128.HashToUInt128(digest[..length], _seed);
    }

    private UInt128 Hash(ReadOnlySpan<string?> values)
    {
        // A chain, so that texts cannot run into each other: the hash so far, the hash of the next.
        Span<UInt128> link = [0, 0];
        foreach (string? value in values)
        {
            link[1] = value is null ? UInt128.MaxValue : XxHash128.HashToUInt128(MemoryMarshal.AsBytes(value.AsSpan()), _seed);
            link[0] = XxHash128.HashToUInt128(MemoryMarshal.AsBytes(link), _seed);
        }

        return link[0];
    }

    private static void Append<TValue>(Span<byte> digest, ref int length, TValue value)
        where TValue : unmanaged
    {
        MemoryMarshal.Write(digest[length..], in value);
        length += Unsafe.SizeOf<TValue>();
    }
}
