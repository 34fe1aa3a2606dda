using System.Runtime.InteropServices;
using Microsoft.ML.OnnxRuntime;
using RealtimeInference.Core.Tests.Testing;

namespace RealtimeInference.Core.Tests.Onnx;

/// <summary>A generated model for each element type gives back what it is given.</summary>
public sealed class ElementTypeTests
{
    [Fact]
    public Task Float32_RoundTrips() => RoundTrip<float>("float", TensorElementType.Float32, [1.5f, float.NaN, float.NegativeInfinity]);

    [Fact]
    public Task Float64_RoundTrips() => RoundTrip<double>("double", TensorElementType.Float64, [Math.PI, double.Epsilon, double.MaxValue]);

    [Fact]
    public Task Float16_AsHalf_RoundTrips() => RoundTrip<Half>("float16", TensorElementType.Float16, [(Half)1.5, Half.MaxValue, Half.Epsilon]);

    [Fact]
    public Task Float16_AsFloat16_RoundTrips() => RoundTrip<Float16>("float16", TensorElementType.Float16, [(Float16)1.5f, Float16.MaxValue, Float16.Epsilon]);

    [Fact]
    public Task BFloat16_RoundTrips() => RoundTrip<BFloat16>("bfloat16", TensorElementType.BFloat16, [(BFloat16)1.5f, BFloat16.MaxValue, BFloat16.Epsilon]);

    [Fact]
    public Task Int8_RoundTrips() => RoundTrip<sbyte>("int8", TensorElementType.Int8, [1, sbyte.MinValue, sbyte.MaxValue]);

    [Fact]
    public Task Int16_RoundTrips() => RoundTrip<short>("int16", TensorElementType.Int16, [1, short.MinValue, short.MaxValue]);

    [Fact]
    public Task Int32_RoundTrips() => RoundTrip<int>("int32", TensorElementType.Int32, [1, int.MinValue, int.MaxValue]);

    [Fact]
    public Task Int64_RoundTrips() => RoundTrip<long>("int64", TensorElementType.Int64, [1, long.MinValue, long.MaxValue]);

    [Fact]
    public Task UInt8_RoundTrips() => RoundTrip<byte>("uint8", TensorElementType.UInt8, [1, 0, byte.MaxValue]);

    [Fact]
    public Task UInt16_RoundTrips() => RoundTrip<ushort>("uint16", TensorElementType.UInt16, [1, 0, ushort.MaxValue]);

    [Fact]
    public Task UInt32_RoundTrips() => RoundTrip<uint>("uint32", TensorElementType.UInt32, [1, 0, uint.MaxValue]);

    [Fact]
    public Task UInt64_RoundTrips() => RoundTrip<ulong>("uint64", TensorElementType.UInt64, [1, 0, ulong.MaxValue]);

    [Fact]
    public Task Boolean_RoundTrips() => RoundTrip<bool>("bool", TensorElementType.Boolean, [true, false, true]);

    [Fact]
    public async Task String_RoundTrips()
    {
        string[][] rows = [["", "ä€😀", "three"], ["line\nbreak", "日本語", " "]];
        using OnnxModel model = TestModels.Load("identity_string.onnx");
        using ModelRunner runner = model.Rent(rows.Length);
        for (int row = 0; row < rows.Length; row++)
        {
            runner.GetInputs(row).SetStrings("x", rows[row]);
        }

        await runner.RunAsync();

        for (int row = 0; row < rows.Length; row++)
        {
            runner.GetOutputs(row).GetStrings("y").ToArray().Should().Equal(rows[row]);
        }
    }

    private static async Task RoundTrip<T>(string name, TensorElementType type, T[] row)
        where T : unmanaged
    {
        using OnnxModel model = TestModels.Load($"identity_{name}.onnx");
        model.Signature.Inputs[0].ElementType.Should().Be(type);
        T[][] rows = [row, [.. row.Reverse()], [row[2], row[2], row[0]]];
        using (ModelRunner alone = model.Rent())
        {
            alone.GetInputs().Set<T>("x", row);
            await alone.RunAsync();
            Bytes(alone.GetOutputs().Get<T>("y")).Should().Equal(Bytes(row));
        }

        using ModelRunner batch = model.Rent(rows.Length);
        for (int i = 0; i < rows.Length; i++)
        {
            batch.GetInputs(i).Set<T>("x", rows[i]);
        }

        await batch.RunAsync();
        for (int i = 0; i < rows.Length; i++)
        {
            Bytes(batch.GetOutputs(i).Get<T>("y")).Should().Equal(Bytes(rows[i]));
        }
    }

    // By bytes: NaN equals nothing, and some of the types have no equality that FluentAssertions knows.
    private static byte[] Bytes<T>(ReadOnlySpan<T> values)
        where T : unmanaged => MemoryMarshal.AsBytes(values).ToArray();
}
