using System.Buffers.Binary;
using System.Numerics;

namespace RealtimeInference;

/// <summary>Austin Appleby's MurmurHash3_x86_32, which he placed in the public domain.</summary>
internal static class MurmurHash3
{
    public static uint Hash(ReadOnlySpan<byte> data, uint seed)
    {
        const uint C1 = 0xCC9E2D51;
        const uint C2 = 0x1B873593;
        uint hash = seed;
        ReadOnlySpan<byte> rest = data;
        for (; rest.Length >= 4; rest = rest[4..])
        {
            uint block = BinaryPrimitives.ReadUInt32LittleEndian(rest);
            hash ^= BitOperations.RotateLeft(block * C1, 15) * C2;
            hash = (BitOperations.RotateLeft(hash, 13) * 5) + 0xE6546B64;
        }

        uint tail = 0;
        for (int i = rest.Length - 1; i >= 0; i--)
        {
            tail = (tail << 8) | rest[i];
        }

        hash ^= BitOperations.RotateLeft(tail * C1, 15) * C2;
        hash ^= (uint)data.Length;
        hash = (hash ^ (hash >> 16)) * 0x85EBCA6B;
        hash = (hash ^ (hash >> 13)) * 0xC2B2AE35;
        return hash ^ (hash >> 16);
    }
}
