using System.Runtime.InteropServices;
using Microsoft.ML.OnnxRuntime;

namespace RealtimeInference;

/// <summary>Where a model comes from: a file or bytes.</summary>
internal readonly record struct ModelSource(string? Path, ReadOnlyMemory<byte>? Bytes)
{
    public string DefaultName => Path is null ? "model" : System.IO.Path.GetFileNameWithoutExtension(Path);

    public string Description => Path is null ? $"{Bytes!.Value.Length} bytes in memory" : $"'{System.IO.Path.GetFullPath(Path)}'";

    public InferenceSession Open(SessionOptions options) =>
        Path is not null
            ? new InferenceSession(System.IO.Path.GetFullPath(Path), options)
            : new InferenceSession(ToArray(Bytes!.Value), options);

    // The managed package takes whole arrays only.
    private static byte[] ToArray(ReadOnlyMemory<byte> bytes) =>
        MemoryMarshal.TryGetArray(bytes, out ArraySegment<byte> segment) && segment.Offset == 0 && segment.Count == segment.Array!.Length
            ? segment.Array
            : bytes.ToArray();
}
