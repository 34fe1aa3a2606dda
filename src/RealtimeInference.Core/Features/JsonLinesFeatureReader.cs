using System.Text;
using System.Text.Json;

namespace RealtimeInference;

/// <summary>Reads the rows of a view from JSON Lines.</summary>
internal sealed class JsonLinesFeatureReader(FeatureView view, TextReader text, string? source, FeatureFileOptions options, DateTimeOffset now)
{
    private readonly string _keyProperty = options.KeyColumn ?? view.Entity;
    private byte[] _utf8 = new byte[256];
    private long _line;

    public List<(EntityKey Key, StoredFeatures Row)> ReadAll()
    {
        List<(EntityKey, StoredFeatures)> rows = [];
        while (text.ReadLine() is { } line)
        {
            _line++;
            if (string.IsNullOrWhiteSpace(line))
            {
                continue;
            }

            try
            {
                rows.Add(ReadRow(line));
            }
            catch (JsonException exception)
            {
                throw new FeatureFileException(
                    source, _line, null, "a JSON object", $"a fault at byte {exception.BytePositionInLine}: {exception.Message.TrimEnd('.')}", exception);
            }
        }

        return rows;
    }

    private (EntityKey Key, StoredFeatures Row) ReadRow(string line)
    {
        int length = Encoding.UTF8.GetMaxByteCount(line.Length);
        if (_utf8.Length < length)
        {
            _utf8 = new byte[length];
        }

        var json = new Utf8JsonReader(_utf8.AsSpan(0, Encoding.UTF8.GetBytes(line, _utf8)));
        json.Read();
        if (json.TokenType != JsonTokenType.StartObject)
        {
            throw Fault(null, "a JSON object", in json);
        }

        EntityKey key = default;
        DateTimeOffset timestamp = now;
        var data = new FeatureRowData(view);
        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            string name = json.GetString()!;
            json.Read();
            if (name == _keyProperty)
            {
                key = ReadKey(in json);
            }

            if (name == options.TimestampColumn && json.TokenType != JsonTokenType.Null
                && !(json.TokenType == JsonTokenType.String && FeatureText.TryReadTimestamp(json.GetString(), out timestamp)))
            {
                throw Fault(name, "a time in ISO 8601", in json);
            }

            if (view.FindField(name) is { } field && json.TokenType != JsonTokenType.Null)
            {
                ReadField(field, ref json, data);
            }
            else
            {
                json.Skip();
            }
        }

        // Goes on to the end: whatever follows the object is a fault.
        json.Read();
        return key.IsEmpty
            ? throw new FeatureFileException(source, _line, _keyProperty, "a key", "none")
            : (key, new StoredFeatures(data, timestamp, null));
    }

    private EntityKey ReadKey(in Utf8JsonReader json) => json.TokenType switch
    {
        JsonTokenType.String => json.GetString(),
        JsonTokenType.Number when json.TryGetInt64(out long number) => number,
        _ => throw Fault(_keyProperty, "a text or a whole number", in json),
    };

    private void ReadField(FeatureField field, ref Utf8JsonReader json, FeatureRowData data)
    {
        switch (field)
        {
            case FeatureField<float> when json.TokenType == JsonTokenType.Number && json.TryGetSingle(out float value):
                data.SetBits(field.Ordinal, FeatureBits.Encode(value));
                break;
            case FeatureField<double> when json.TokenType == JsonTokenType.Number && json.TryGetDouble(out double value):
                data.SetBits(field.Ordinal, FeatureBits.Encode(value));
                break;
            case FeatureField<int> when json.TokenType == JsonTokenType.Number && json.TryGetInt32(out int value):
                data.SetBits(field.Ordinal, value);
                break;
            case FeatureField<long> when json.TokenType == JsonTokenType.Number && json.TryGetInt64(out long value):
                data.SetBits(field.Ordinal, value);
                break;
            case FeatureField<bool> when json.TokenType is JsonTokenType.True or JsonTokenType.False:
                data.SetBits(field.Ordinal, json.GetBoolean() ? 1 : 0);
                break;
            case FeatureField<string> when json.TokenType == JsonTokenType.String:
                data.SetObject(field.Ordinal, json.GetString());
                break;
            case FeatureField<DateTimeOffset> when json.TokenType == JsonTokenType.String
                && FeatureText.TryReadTimestamp(json.GetString(), out DateTimeOffset value):
                data.SetBits(field.Ordinal, FeatureBits.Encode(value));
                break;
            case FeatureVectorField vector when json.TokenType == JsonTokenType.StartArray:
                ReadVector(vector, ref json, data);
                break;
            default:
                throw Fault(field.Name, FeatureText.Describe(field), in json);
        }
    }

    private void ReadVector(FeatureVectorField field, ref Utf8JsonReader json, FeatureRowData data)
    {
        Span<float> vector = data.SetVector(field.Ordinal, field.Length);
        int count = 0;
        while (json.Read() && json.TokenType != JsonTokenType.EndArray)
        {
            if (json.TokenType != JsonTokenType.Number || !json.TryGetSingle(out float value))
            {
                throw Fault(field.Name, FeatureText.Describe(field), in json);
            }

            if (count < vector.Length)
            {
                vector[count] = value;
            }

            count++;
        }

        if (count != vector.Length)
        {
            throw new FeatureFileException(source, _line, field.Name, FeatureText.Describe(field), $"{count}");
        }
    }

    private FeatureFileException Fault(string? property, string expected, in Utf8JsonReader json) => new(source, _line, property, expected, json.TokenType switch
    {
        JsonTokenType.StartObject => "an object",
        JsonTokenType.StartArray => "an array",
        JsonTokenType.Null => "null",
        JsonTokenType.String => $"\"{json.GetString()}\"",
        _ => Encoding.UTF8.GetString(json.ValueSpan),
    });
}
