namespace RealtimeInference.Core.Tests.Caching;

/// <summary>Different tensors have different hashes, also where their bytes in a row would be the same.</summary>
public sealed class TensorHashTests
{
    private static readonly ModelSignature s_two = Signature(("a", TensorElementType.Float32, 1), ("b", TensorElementType.Float32, 1));

    [Fact]
    public void Compute_SameTensors_SameHash()
    {
        Hash(s_two, static t => Write(t, [1, 2], [3])).Should().Be(Hash(s_two, static t => Write(t, [1, 2], [3])));
    }

    [Fact]
    public void Compute_ElementsMoveToTheNextTensor_OtherHash()
    {
        UInt128[] hashes =
        [
            Hash(s_two, static t => Write(t, [1, 2, 3], [])),
            Hash(s_two, static t => Write(t, [1, 2], [3])),
            Hash(s_two, static t => Write(t, [1], [2, 3])),
            Hash(s_two, static t => Write(t, [], [1, 2, 3])),
            Hash(s_two, static t => Write(t, [3], [1, 2])),
        ];

        hashes.Should().OnlyHaveUniqueItems();
    }

    [Fact]
    public void Compute_SameBytesOtherShape_OtherHash()
    {
        ModelSignature matrix = Signature(("a", TensorElementType.Float32, 2));
        UInt128 Of(params int[] shape) => Hash(matrix, t => t.Set<float>("a", [1, 2, 3, 4, 5, 6], shape));

        new[] { Of(1, 6), Of(2, 3), Of(3, 2), Of(6, 1) }.Should().OnlyHaveUniqueItems();
        new[] { Empty(0, 1), Empty(1, 0), Empty(0, 0) }.Should().OnlyHaveUniqueItems("there is nothing but the shape");

        UInt128 Empty(params int[] shape) => Hash(matrix, t => t.Set<float>("a", [], shape));
    }

    [Fact]
    public void Compute_SameBytesOtherNameTypeOrRank_OtherHash()
    {
        UInt128[] hashes =
        [
            Hash(Signature(("a", TensorElementType.Int32, 1)), static t => t.Set<int>("a", [1, 2], 2)),
            Hash(Signature(("b", TensorElementType.Int32, 1)), static t => t.Set<int>("b", [1, 2], 2)),
            Hash(Signature(("a", TensorElementType.UInt32, 1)), static t => t.Set<uint>("a", [1, 2], 2)),
            Hash(Signature(("a", TensorElementType.Int64, 1)), static t => t.Set<long>("a", [0x2_0000_0001], 1)),
            Hash(Signature(("a", TensorElementType.Int32, 2)), static t => t.Set<int>("a", [1, 2], 2, 1)),
        ];

        hashes.Should().OnlyHaveUniqueItems();
    }

    [Fact]
    public void Compute_OptionalInput_IsToldFromOneThatIsEmpty()
    {
        var signature = new ModelSignature([Spec("a", TensorElementType.Float32, 1), Spec("b", TensorElementType.Float32, 1, isOptional: true)], [Spec("y", TensorElementType.Float32, 1)]);

        Hash(signature, static t => t.Set<float>("a", [1], 1)).Should().NotBe(Hash(signature, static t => Write(t, [1], [])));
    }

    [Fact]
    public void Compute_Strings_AreToldApartAtTheirBorders()
    {
        ModelSignature texts = Signature(("a", TensorElementType.String, 1));
        UInt128 Of(params string[] values) => Hash(texts, t => t.SetStrings("a", values, [values.Length]));

        Of("ab", "c").Should().Be(Of("ab", "c"));
        new[] { Of("ab", "c"), Of("a", "bc"), Of("abc"), Of("abc", ""), Of("", "abc"), Of("c", "ab"), Of() }.Should().OnlyHaveUniqueItems();
    }

    [Fact]
    public void Compute_OneBitDiffers_OtherHashInAnySize()
    {
        var random = new Random(1);
        foreach (int length in new[] { 1, 4, 30, 60, 61, 1000, 100_000 })
        {
            float[] values = [.. Enumerable.Range(0, length).Select(_ => random.NextSingle())];
            UInt128 before = Hash(s_two, t => Write(t, values, []));
            int at = random.Next(length);
            values[at] = BitConverter.Int32BitsToSingle(BitConverter.SingleToInt32Bits(values[at]) ^ (1 << random.Next(23)));
            Hash(s_two, t => Write(t, values, [])).Should().NotBe(before);
        }
    }

    [Fact]
    public void Compute_ManyRandomTensors_NoHashTwice()
    {
        var random = new Random(2);
        var hash = new TensorHash(s_two, 5);
        var set = new InputSet(s_two);
        var seen = new HashSet<UInt128>();
        for (int i = 0; i < 50_000; i++)
        {
            set.Begin(1);
            Write(new InputTensors(set, 0), [i, random.Next(3)], [random.Next(3)]);
            seen.Add(hash.Compute(set)).Should().BeTrue();
        }

        set.Free();
    }

    [Fact]
    public void Compute_OtherSeed_OtherHash()
    {
        Hash(s_two, static t => Write(t, [1], [2]), seed: 1).Should().NotBe(Hash(s_two, static t => Write(t, [1], [2]), seed: 2));
    }

    private static void Write(InputTensors tensors, float[] a, float[] b)
    {
        tensors.Set<float>("a", a, a.Length);
        tensors.Set<float>("b", b, b.Length);
    }

    private static UInt128 Hash(ModelSignature signature, Encode encode, long seed = 0)
    {
        var set = new InputSet(signature);
        set.Begin(1);
        encode(new InputTensors(set, 0));
        UInt128 hash = new TensorHash(signature, seed).Compute(set);
        set.Free();
        return hash;
    }

    private static ModelSignature Signature(params (string Name, TensorElementType Type, int Rank)[] inputs) =>
        new([.. inputs.Select(static i => Spec(i.Name, i.Type, i.Rank))], [Spec("y", TensorElementType.Float32, 1)]);

    // The first dimension counts the examples, which makes the shape of one of them as long as the rank says.
    private static TensorSpec Spec(string name, TensorElementType type, int rank, bool isOptional = false) =>
        new(name, type, [TensorDimension.Free("batch"), .. Enumerable.Range(0, rank).Select(i => TensorDimension.Free($"{name}{i}"))], isOptional: isOptional);

    private delegate void Encode(InputTensors tensors);
}
