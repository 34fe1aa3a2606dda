using System.Collections.Concurrent;
using System.Globalization;
using System.Runtime.CompilerServices;
using StackExchange.Redis;

namespace RealtimeInference.Redis;

/// <summary>The layout that Feast's Redis online store writes: a hash per entity of a project, with the fields of all of its views.</summary>
/// <remarks>https://github.com/feast-dev/feast/blob/master/sdk/python/feast/infra/online_stores/redis.py</remarks>
internal sealed class FeastLayout : IHashLayout
{
    private const int MaxShort = 128;

    private readonly FeastRedisStoreOptions _options;
    private readonly Dictionary<string, FeastEntityKey> _entities;
    private readonly ConcurrentDictionary<FeatureView, ViewNames> _views = new();

    public FeastLayout(FeastRedisStoreOptions options)
    {
        _options = options;
        _entities = options.JoinKeys.ToDictionary(
            static e => e.Key,
            e => new FeastEntityKey(options.Project, e.Value, options.EntityKeyVersion, options.KeySeparator),
            StringComparer.Ordinal);
    }

    public RedisValue[] GetFields(FeatureView view) => GetNames(view).Fields;

    public bool TryGetKey(FeatureRow row, out RedisKey key)
    {
        key = default;
        if (!_entities.TryGetValue(row.View.Entity, out FeastEntityKey? entity))
        {
            row.CompleteFailed(new ArgumentException(
                $"The view '{row.View.Name}' is about '{row.View.Entity}', whose join keys the store was not told. It knows: " +
                $"{string.Join(", ", _entities.Keys.Select(static e => $"'{e}'"))}. Add them with {nameof(FeastRedisStoreOptions.AddEntity)}."));
            return false;
        }

        if (!entity.TryWrite(row.Key, out byte[]? bytes, out string? fault))
        {
            row.CompleteFailed(new ArgumentException($"{row} cannot be looked up: {fault}"));
            return false;
        }

        key = bytes;
        return true;
    }

    public void Fill(FeatureRow row, ReadOnlySpan<RedisValue> values)
    {
        FeatureField[] fields = GetNames(row.View).Features;
        bool isThere = false;
        for (int i = 0; i < fields.Length; i++)
        {
            if (!values[i].IsNull)
            {
                isThere = true;
                Read(row, fields[i], values[i]);
            }
        }

        RedisValue timestamp = values[^1];
        if (isThere || !timestamp.IsNull)
        {
            row.CompleteFound(!timestamp.IsNull && FeastTimestamp.TryRead(((ReadOnlyMemory<byte>)timestamp).Span, out DateTimeOffset moment) ? moment : null);
        }
        else
        {
            row.CompleteMissing();
        }
    }

    // The client keeps the shortest values in the struct itself: as memory each would be an array.
    [SkipLocalsInit]
    private static void ReadShort(FeatureRow row, FeatureField field, RedisValue value)
    {
        Span<byte> bytes = stackalloc byte[MaxShort];
        FeastFieldValue.Read(row, field, bytes[..value.CopyTo(bytes)]);
    }

    private void Read(FeatureRow row, FeatureField field, RedisValue value)
    {
        long length = value.Length();
        if (length <= MaxShort && length <= _options.MaxValueBytes)
        {
            ReadShort(row, field, value);
        }
        else if (length <= _options.MaxValueBytes)
        {
            FeastFieldValue.Read(row, field, ((ReadOnlyMemory<byte>)value).Span);
        }
        else
        {
            row.SetWrongType(field, string.Create(CultureInfo.InvariantCulture, $"a value of {length} bytes, where {_options.MaxValueBytes} are the most that is taken"));
        }
    }

    private ViewNames GetNames(FeatureView view)
    {
        if (_views.TryGetValue(view, out ViewNames? names))
        {
            return names;
        }

        string name = _options.ViewNames.TryGetValue(view.Name, out string? other) ? other : view.Name;
        return _views.GetOrAdd(
            view,
            new ViewNames(
                [.. view.Fields],
                [.. view.Fields.Select(f => (RedisValue)FeastFieldNames.OfFeature(name, f.Name)), FeastFieldNames.OfTimestamp(name)]));
    }

    private sealed record ViewNames(FeatureField[] Features, RedisValue[] Fields);
}
