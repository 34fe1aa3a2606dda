using System.Buffers.Binary;
using System.Text;

namespace RealtimeInference.Redis;

/// <summary>The names of the fields that Feast gives to the features of a view in a hash, and to the time of its row.</summary>
/// <remarks>https://github.com/feast-dev/feast/blob/master/docs/specs/online_store_format.md#redis-online-store-format</remarks>
internal static class FeastFieldNames
{
    /// <summary>Gets the name of a feature: the murmur3 hash of <c>view:feature</c>, its four bytes little-endian.</summary>
    public static byte[] OfFeature(string view, string feature)
    {
        var name = new byte[sizeof(uint)];
        BinaryPrimitives.WriteUInt32LittleEndian(name, Murmur3.Hash32(Encoding.UTF8.GetBytes($"{view}:{feature}")));
        return name;
    }

    /// <summary>Gets the name of the field that has the time of a row.</summary>
    public static byte[] OfTimestamp(string view) => Encoding.UTF8.GetBytes($"_ts:{view}");
}
