using StackExchange.Redis;

namespace RealtimeInference.Redis;

/// <summary>How rows lie in Redis: the key of each row's hash, the names of its fields, and what their values look like.</summary>
internal interface IHashLayout
{
    /// <summary>Gets the names of the fields that are read for a row of a view, always the same array.</summary>
    RedisValue[] GetFields(FeatureView view);

    /// <summary>Gets the key of a row's hash.</summary>
    /// <returns>Whether the row has one; otherwise it has been completed.</returns>
    bool TryGetKey(FeatureRow row, out RedisKey key);

    /// <summary>Completes a row with the values of its fields, in the order of <see cref="GetFields"/>.</summary>
    void Fill(FeatureRow row, ReadOnlySpan<RedisValue> values);
}
