using System.Text;
using Google.Protobuf;
using StackExchange.Redis;

namespace RealtimeInference.Benchmarks.Redis;

/// <summary>The cards as Feast lays them out, written with Google's protobuf.</summary>
internal static class FeastCards
{
    public const string Country = "Switzerland";

    public static float Amount(int card, int field) => (card * 17.25f) + (field / 3f);

    public static long Count(int card) => 1000 + card;

    public static (RedisKey[] Keys, RedisValue[] Names) Write(IDatabase database, FeatureView view, int cards)
    {
        RedisValue[] names = [.. view.Fields.Select(f => (RedisValue)RealtimeInference.Redis.FeastFieldNames.OfFeature(view.Name, f.Name)), $"_ts:{view.Name}"];
        var keys = new RedisKey[cards];
        for (int card = 0; card < cards; card++)
        {
            using var key = new MemoryStream();
            using (var writer = new BinaryWriter(key, Encoding.UTF8, leaveOpen: true))
            {
                writer.Write(1);
                writer.Write(2);
                writer.Write(4);
                writer.Write("card"u8);
                writer.Write(4);
                writer.Write(8);
                writer.Write((long)card);
                writer.Write("cards"u8);
            }

            keys[card] = key.ToArray();
            database.HashSet(keys[card], [.. names.Select((name, i) => new HashEntry(name, Value(card, i)))]);
        }

        return (keys, names);
    }

    // feast.types.Value: float_val 6, int64_val 4, string_val 2; google.protobuf.Timestamp: seconds 1.
    private static byte[] Value(int card, int field)
    {
        using var stream = new MemoryStream();
        using (var output = new CodedOutputStream(stream, leaveOpen: true))
        {
            switch (field)
            {
                case < 8:
                    output.WriteTag(6, WireFormat.WireType.Fixed32);
                    output.WriteFloat(Amount(card, field));
                    break;
                case 8:
                    output.WriteTag(4, WireFormat.WireType.Varint);
                    output.WriteInt64(Count(card));
                    break;
                case 9:
                    output.WriteTag(2, WireFormat.WireType.LengthDelimited);
                    output.WriteString(Country);
                    break;
                default:
                    output.WriteTag(1, WireFormat.WireType.Varint);
                    output.WriteInt64(1_764_000_000);
                    break;
            }
        }

        return stream.ToArray();
    }
}
