using System.Collections.Concurrent;
using System.Text;
using StackExchange.Redis;

namespace RealtimeInference.Redis;

/// <summary>The layout of <see cref="RedisFeatureStore"/>: a hash per view and entity, its fields by their names, and the row's time.</summary>
internal sealed class TextLayout(string prefix, int maxValueBytes) : IHashLayout
{
    /// <summary>The field with the time of a row: microseconds since 1970, in UTC.</summary>
    public const string TimestampField = "_ts";

    private readonly ConcurrentDictionary<FeatureView, ViewNames> _views = new();

    public RedisValue[] GetFields(FeatureView view) => GetNames(view).Fields;

    public RedisKey GetKey(FeatureView view, EntityKey key) => new RedisKey(key.ToString()).Prepend(GetNames(view).Prefix);

    public bool TryGetKey(FeatureRow row, out RedisKey key)
    {
        key = GetKey(row.View, row.Key);
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
                FieldText.Read(row, fields[i], values[i], maxValueBytes);
            }
        }

        RedisValue timestamp = values[^1];
        if (isThere || !timestamp.IsNull)
        {
            row.CompleteFound(ReadTimestamp(timestamp));
        }
        else
        {
            row.CompleteMissing();
        }
    }

    /// <summary>Gets a time as it is stored; what is less than a microsecond is dropped.</summary>
    public static long WriteTimestamp(DateTimeOffset timestamp) => (timestamp - DateTimeOffset.UnixEpoch).Ticks / TimeSpan.TicksPerMicrosecond;

    // What is no time is no age: unknown, as where nothing is stored.
    private static DateTimeOffset? ReadTimestamp(RedisValue value) =>
        value.TryParse(out long microseconds) && microseconds >= WriteTimestamp(DateTimeOffset.MinValue) && microseconds <= WriteTimestamp(DateTimeOffset.MaxValue)
            ? DateTimeOffset.UnixEpoch.AddTicks(microseconds * TimeSpan.TicksPerMicrosecond)
            : null;

    private ViewNames GetNames(FeatureView view) => _views.TryGetValue(view, out ViewNames? names)
        ? names
        : _views.GetOrAdd(view, static (view, prefix) => new ViewNames(view, prefix), prefix);

    private sealed class ViewNames
    {
        public ViewNames(FeatureView view, string prefix)
        {
            if (view.FindField(TimestampField) is not null)
            {
                throw new ArgumentException($"The view '{view.Name}' has a field named '{TimestampField}': that name holds the time of a row in Redis. Name it otherwise.");
            }

            // View names have no colon, so no two views have keys in common.
            Prefix = Encoding.UTF8.GetBytes($"{prefix}{view.Name}:");
            Features = [.. view.Fields];
            Fields = [.. view.Fields.Select(static f => (RedisValue)f.Name), TimestampField];
        }

        public byte[] Prefix { get; }

        public RedisValue[] Fields { get; }

        // An array, because this loop is most of what a read costs beside the round trip.
        public FeatureField[] Features { get; }
    }
}
