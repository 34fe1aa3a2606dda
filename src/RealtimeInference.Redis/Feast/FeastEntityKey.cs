using System.Buffers.Binary;
using System.Globalization;
using System.Text;

namespace RealtimeInference.Redis;

/// <summary>Writes the Redis keys of one kind of entity: Feast's serialized entity key, and the project behind it.</summary>
/// <remarks>
/// The layout is that of <c>serialize_entity_key</c> in
/// https://github.com/feast-dev/feast/blob/master/sdk/python/feast/infra/key_encoding_utils.py and <c>_redis_key</c> in
/// https://github.com/feast-dev/feast/blob/master/sdk/python/feast/infra/online_stores/helpers.py, all numbers little-endian:
/// from version 3 on how many join keys there are; then for each, sorted by name, the type STRING, from version 3 on the length
/// of the name, and the name; then for each in the same order the type, length and bytes of the value; then the project.
/// </remarks>
internal sealed class FeastEntityKey
{
    private readonly byte[] _names;
    private readonly byte[] _project;
    private readonly FeastJoinKey[] _joinKeys;

    // For each part in the order of Feast, where it stands in the key of the app.
    private readonly int[] _positions;
    private readonly char _separator;

    public FeastEntityKey(string project, IReadOnlyList<FeastJoinKey> joinKeys, int version, char separator)
    {
        // By code points, as Python sorts; that is the order of the UTF-8 bytes too, and not always that of UTF-16.
        int[] order = [.. Enumerable.Range(0, joinKeys.Count)];
        Array.Sort(order, (a, b) => Encoding.UTF8.GetBytes(joinKeys[a].Name).AsSpan().SequenceCompareTo(Encoding.UTF8.GetBytes(joinKeys[b].Name)));
        _joinKeys = [.. order.Select(i => joinKeys[i])];
        _positions = order;
        _separator = separator;
        _project = Encoding.UTF8.GetBytes(project);
        using var names = new MemoryStream();
        if (version >= 3)
        {
            WriteNumber(names, joinKeys.Count);
        }

        foreach (FeastJoinKey joinKey in _joinKeys)
        {
            WriteNumber(names, (int)FeastKeyType.String);
            if (version >= 3)
            {
                // Feast writes how many characters the name has, which Python counts in code points, not in bytes.
                WriteNumber(names, joinKey.Name.EnumerateRunes().Count());
            }

            names.Write(Encoding.UTF8.GetBytes(joinKey.Name));
        }

        _names = names.ToArray();
    }

    /// <summary>Writes the key of an entity.</summary>
    /// <param name="key">The app's key: the value of the only join key, or all of them with the separator between.</param>
    /// <param name="redisKey">The key in Redis.</param>
    /// <param name="fault">What is wrong with it.</param>
    /// <returns>Whether it could be written.</returns>
    public bool TryWrite(EntityKey key, out byte[]? redisKey, out string? fault)
    {
        redisKey = null;
        fault = null;
        if (_joinKeys.Length == 1 && _joinKeys[0].Type != FeastKeyType.String && key.TryGetNumber(out long number))
        {
            return Fits(_joinKeys[0], number, ref fault) && Write([number], [null], out redisKey);
        }

        string text = key.ToString();
        string[] parts = _joinKeys.Length == 1 ? [text] : text.Split(_separator);
        if (parts.Length != _joinKeys.Length)
        {
            fault = $"The key '{text}' has {parts.Length} parts between '{_separator}', but the entity has {_joinKeys.Length} join keys: " +
                $"{string.Join(", ", _joinKeys.Select(static j => j.Name))} (sorted).";
            return false;
        }

        var numbers = new long[parts.Length];
        var texts = new byte[]?[parts.Length];
        for (int i = 0; i < parts.Length; i++)
        {
            string part = parts[_positions[i]];
            if (_joinKeys[i].Type == FeastKeyType.String)
            {
                texts[i] = Encoding.UTF8.GetBytes(part);
            }
            else if (!long.TryParse(part, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out numbers[i]))
            {
                fault = $"The join key '{_joinKeys[i].Name}' is {_joinKeys[i].Type}, but the key says '{part}'.";
                return false;
            }
            else if (!Fits(_joinKeys[i], numbers[i], ref fault))
            {
                return false;
            }
        }

        return Write(numbers, texts, out redisKey);
    }

    private static bool Fits(FeastJoinKey joinKey, long number, ref string? fault)
    {
        if (joinKey.Type == FeastKeyType.Int32 && number != (int)number)
        {
            fault = $"The join key '{joinKey.Name}' is {joinKey.Type}, but {number} has more than 32 bits.";
            return false;
        }

        return true;
    }

    private static void WriteNumber(MemoryStream stream, int number)
    {
        Span<byte> bytes = stackalloc byte[sizeof(int)];
        BinaryPrimitives.WriteInt32LittleEndian(bytes, number);
        stream.Write(bytes);
    }

    private bool Write(ReadOnlySpan<long> numbers, ReadOnlySpan<byte[]?> texts, out byte[] redisKey)
    {
        int length = _names.Length + _project.Length;
        for (int i = 0; i < _joinKeys.Length; i++)
        {
            length += (2 * sizeof(int)) + ValueLength(i, texts);
        }

        redisKey = new byte[length];
        _names.CopyTo(redisKey, 0);
        Span<byte> rest = redisKey.AsSpan(_names.Length);
        for (int i = 0; i < _joinKeys.Length; i++)
        {
            int valueLength = ValueLength(i, texts);
            BinaryPrimitives.WriteInt32LittleEndian(rest, (int)_joinKeys[i].Type);
            BinaryPrimitives.WriteInt32LittleEndian(rest[sizeof(int)..], valueLength);
            rest = rest[(2 * sizeof(int))..];
            switch (_joinKeys[i].Type)
            {
                case FeastKeyType.String:
                    texts[i].CopyTo(rest);
                    break;
                case FeastKeyType.Int32:
                    BinaryPrimitives.WriteInt32LittleEndian(rest, (int)numbers[i]);
                    break;
                default:
                    BinaryPrimitives.WriteInt64LittleEndian(rest, numbers[i]);
                    break;
            }

            rest = rest[valueLength..];
        }

        _project.CopyTo(rest);
        return true;
    }

    private int ValueLength(int index, ReadOnlySpan<byte[]?> texts) => _joinKeys[index].Type switch
    {
        FeastKeyType.String => texts[index]!.Length,
        FeastKeyType.Int32 => sizeof(int),
        _ => sizeof(long),
    };
}
