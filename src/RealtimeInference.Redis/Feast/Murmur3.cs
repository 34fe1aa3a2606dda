using System.Buffers.Binary;
using System.Numerics;

namespace RealtimeInference.Redis;

/// <summary>MurmurHash3 x86 32: the hash that Feast names its fields with.</summary>
/// <remarks>
/// The algorithm is Austin Appleby's, in the public domain: https://github.com/aappleby/smhasher/wiki/MurmurHash3. Its own
/// verification value is among the tests.
/// </remarks>
internal static class Murmur3
{
    private const uint C1 = 0xCC9E2D51;
    private const uint C2 = 0x1B873593;

    public static uint Hash32(ReadOnlySpan<byte> data, uint seed = 0)
    {
        uint hash = seed;
        ReadOnlySpan<byte> rest = data;
        for (; rest.Length >= 4; rest = rest[4..])
        {
            hash ^= Scramble(BinaryPrimitives.ReadUInt32LittleEndian(rest));
            hash = (BitOperations.RotateLeft(hash, 13) * 5) + 0xE6546B64;
        }

        if (rest.Length > 0)
        {
            uint tail = 0;
            for (int i = rest.Length - 1; i >= 0; i--)
            {
                tail = (tail << 8) | rest[i];
            }

            hash ^= Scramble(tail);
        }

        hash ^= (uint)data.Length;
        hash = (hash ^ (hash >> 16)) * 0x85EBCA6B;
        hash = (hash ^ (hash >> 13)) * 0xC2B2AE35;
        return hash ^ (hash >> 16);
    }

    private static uint Scramble(uint block) => BitOperations.RotateLeft(block * C1, 15) * C2;
}
