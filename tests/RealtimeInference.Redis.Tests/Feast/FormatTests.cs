using System.Buffers.Binary;
using System.Globalization;
using System.Text;
using System.Text.Json;

namespace RealtimeInference.Redis.Tests;

public sealed class FormatTests
{
    [Fact]
    public void Hash32_VerificationOfSmHasher_IsThePublishedValue()
    {
        // The hashes of {}, {0}, {0, 1}, ... with the seeds 256, 255, ..., hashed once more:
        // https://github.com/aappleby/smhasher/blob/master/src/KeysetTest.cpp (VerificationTest) and main.cpp (0xB0F57EE3).
        byte[] key = [.. Enumerable.Range(0, 256).Select(static i => (byte)i)];
        var hashes = new byte[256 * sizeof(uint)];
        for (int i = 0; i < 256; i++)
        {
            BinaryPrimitives.WriteUInt32LittleEndian(hashes.AsSpan(i * sizeof(uint)), Murmur3.Hash32(key.AsSpan(0, i), (uint)(256 - i)));
        }

        Murmur3.Hash32(hashes).Should().Be(0xB0F57EE3);
    }

    [Fact]
    public void Hash32_Foo_IsThatOfMmh3()
    {
        // https://pypi.org/project/mmh3: mmh3.hash('foo') is -156908512.
        ((int)Murmur3.Hash32("foo"u8)).Should().Be(-156908512);
    }

    [Fact]
    public void Hash32_TextsOfTheFixture_AreAppleby()
    {
        foreach (JsonElement example in FeastFixture.Root.GetProperty("hashes").EnumerateArray())
        {
            Murmur3.Hash32(Encoding.UTF8.GetBytes(example.Text("text"))).Should().Be(example.GetProperty("hash").GetUInt32(), example.Text("text"));
        }
    }

    [Fact]
    public void OfFeature_NamesOfTheFixture_AreTheSame()
    {
        foreach (JsonElement example in FeastFixture.Root.GetProperty("fieldNames").EnumerateArray())
        {
            FeastFieldNames.OfFeature(example.Text("view"), example.Text("feature")).Should().Equal(example.Bytes("name"));
        }
    }

    [Fact]
    public void TryWrite_KeysOfTheFixture_AreTheSame()
    {
        int count = 0;
        foreach (JsonElement example in FeastFixture.Root.GetProperty("keys").EnumerateArray())
        {
            JsonElement[] parts = [.. example.GetProperty("joinKeys").EnumerateArray()];
            FeastJoinKey[] joinKeys = [.. parts.Select(static p => new FeastJoinKey(p.Text("name"), Enum.Parse<FeastKeyType>(p.Text("type"))))];
            var entity = new FeastEntityKey(example.Text("project"), joinKeys, example.GetProperty("version").GetInt32(), '|');
            string key = string.Join('|', parts.Select(static p => p.Text("value")));
            if (key.Length == 0)
            {
                // No key at all: a store is never asked for it.
                continue;
            }

            entity.TryWrite(key, out byte[]? redisKey, out string? fault).Should().BeTrue(fault);
            redisKey.Should().Equal(example.Bytes("key"), example.ToString());
            if (joinKeys is [{ Type: not FeastKeyType.String }])
            {
                entity.TryWrite(long.Parse(key, CultureInfo.InvariantCulture), out redisKey, out _).Should().BeTrue();
                redisKey.Should().Equal(example.Bytes("key"));
            }

            count++;
        }

        count.Should().BeGreaterThan(15);
    }

    [Theory]
    [InlineData("1|2|3", "3 parts")]
    [InlineData("1", "1 parts")]
    [InlineData("x|2", "'x'")]
    [InlineData("1|4294967296", "32 bits")]
    public void TryWrite_KeyThatDoesNotFit_SaysWhy(string key, string expected)
    {
        var entity = new FeastEntityKey("p", [new("a", FeastKeyType.Int64), new("b", FeastKeyType.Int32)], 3, '|');

        entity.TryWrite(key, out byte[]? redisKey, out string? fault).Should().BeFalse();

        redisKey.Should().BeNull();
        fault.Should().Contain(expected);
    }

    [Fact]
    public void TryRead_ValuesOfTheFixture_AreTheSame()
    {
        foreach (JsonElement example in FeastFixture.Root.GetProperty("values").EnumerateArray())
        {
            FeastValue.TryRead(example.Bytes("message"), out FeastValue value).Should().BeTrue();
            string text = example.Text("value");
            string read = value.Kind switch
            {
                FeastValueKind.None or FeastValueKind.Null => "",
                FeastValueKind.Bytes => Convert.ToHexStringLower(value.Bytes),
                FeastValueKind.String or FeastValueKind.Uuid or FeastValueKind.TimeUuid => Encoding.UTF8.GetString(value.Bytes),
                FeastValueKind.Bool => value.Integer == 1 ? "True" : "False",
                FeastValueKind.Double or FeastValueKind.Float => value.Number.ToString("R", CultureInfo.InvariantCulture),
                _ => value.Integer.ToString(CultureInfo.InvariantCulture),
            };
            if (value.Kind is FeastValueKind.Double or FeastValueKind.Float)
            {
                value.Number.Should().Be(double.Parse(text, CultureInfo.InvariantCulture));
                continue;
            }

            read.Should().Be(text, example.ToString());
        }
    }

    [Fact]
    public void TryReadNumbers_ListsOfTheFixture_AreTheSame()
    {
        foreach (JsonElement example in FeastFixture.Root.GetProperty("lists").EnumerateArray())
        {
            float[] expected = [.. example.GetProperty("numbers").EnumerateArray().Select(static n => n.GetSingle())];
            byte[] message = example.Bytes("message");
            FeastValue.TryRead(message, out FeastValue value).Should().BeTrue();
            var read = new float[expected.Length];

            value.TryReadNumbers(read).Should().BeTrue(example.ToString());

            read.Should().Equal(expected);
            value.TryReadNumbers(new float[expected.Length + 1]).Should().BeFalse("one is missing");
            if (expected.Length > 0)
            {
                value.TryReadNumbers(new float[expected.Length - 1]).Should().BeFalse("there is one too many");
            }
        }
    }

    [Fact]
    public void TryRead_TimestampsOfTheFixture_AreTheSame()
    {
        foreach (JsonElement example in FeastFixture.Root.GetProperty("timestamps").EnumerateArray())
        {
            FeastTimestamp.TryRead(example.Bytes("message"), out DateTimeOffset moment).Should().BeTrue();
            moment.UtcTicks.Should().Be(example.GetProperty("ticks").GetInt64());
        }
    }

    [Fact]
    public void TryRead_BytesOfAnyKind_NeverThrows()
    {
        var random = new Random(7);
        byte[][] messages = [.. FeastFixture.Root.GetProperty("values").EnumerateArray()
            .Concat(FeastFixture.Root.GetProperty("lists").EnumerateArray()).Select(static v => v.Bytes("message"))];
        int read = 0;
        int refused = 0;
        for (int i = 0; i < 200_000; i++)
        {
            // Good ones with a byte changed, cut or added, and bytes by chance.
            byte[] bytes = i % 4 == 0 ? new byte[random.Next(24)] : [.. messages[random.Next(messages.Length)]];
            if (i % 4 == 0)
            {
                random.NextBytes(bytes);
            }
            else if (i % 4 == 1 && bytes.Length > 0)
            {
                bytes[random.Next(bytes.Length)] = (byte)random.Next(256);
            }
            else if (i % 4 == 2)
            {
                bytes = bytes[..random.Next(bytes.Length + 1)];
            }

            bool isRead = FeastValue.TryRead(bytes, out FeastValue value);
            read += isRead ? 1 : 0;
            refused += isRead ? 0 : 1;
            if (value.Kind is FeastValueKind.FloatList or FeastValueKind.DoubleList)
            {
                value.TryReadNumbers(new float[4]);
            }

            FeastTimestamp.TryRead(bytes, out _);
        }

        read.Should().BeGreaterThan(1000);
        refused.Should().BeGreaterThan(1000);
    }
}
