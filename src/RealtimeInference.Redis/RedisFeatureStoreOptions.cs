namespace RealtimeInference.Redis;

/// <summary>How a <see cref="RedisFeatureStore"/> keeps its rows. The defaults work untouched.</summary>
/// <remarks>Copied when the store is made: later changes have no effect.</remarks>
public sealed class RedisFeatureStoreOptions : RedisStoreOptions
{
    /// <summary>Gets or sets what every key in Redis begins with.</summary>
    /// <value><c>rti:</c> by default. A key is the prefix, the view's name, a colon, and the entity's key.</value>
    public string KeyPrefix { get; set; } = "rti:";

    /// <summary>Gets or sets how long a row lives after it was written, where the row names no end itself.</summary>
    /// <value><see langword="null"/> by default: until it is removed. More than zero.</value>
    public TimeSpan? Expiry { get; set; }

    /// <summary>Gets or sets how long a write may take, however many rows it has.</summary>
    /// <value>5 s by default. Between 10 ms and a day. Writes have no circuit: an ingestion waits and tries again.</value>
    public TimeSpan WriteTimeout { get; set; } = TimeSpan.FromSeconds(5);

    internal RedisFeatureStoreOptions Copy() => (RedisFeatureStoreOptions)CopyBase();

    internal override IEnumerable<string> GetFaults()
    {
        foreach (string fault in base.GetFaults())
        {
            yield return fault;
        }

        if (KeyPrefix is null)
        {
            yield return $"{nameof(KeyPrefix)} is null: a text, or an empty one for none.";
        }

        if (Expiry <= TimeSpan.Zero)
        {
            yield return $"{nameof(Expiry)} is {Expiry}: more than zero, or null for rows that stay.";
        }

        if (WriteTimeout < TimeSpan.FromMilliseconds(10) || WriteTimeout > TimeSpan.FromDays(1))
        {
            yield return $"{nameof(WriteTimeout)} is {WriteTimeout}: between 10 ms and a day.";
        }
    }
}
