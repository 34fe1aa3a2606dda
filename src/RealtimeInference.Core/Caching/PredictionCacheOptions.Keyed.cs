using System.Globalization;

namespace RealtimeInference;

/// <summary>How predictions are cached under keys of the user's own.</summary>
/// <typeparam name="TKey">The type of a key.</typeparam>
public sealed class PredictionCacheOptions<TKey> : PredictionCacheOptions
{
    /// <summary>Gets or sets how a key is written in the second level: the same text for equal keys, in every process, and different texts for others.</summary>
    /// <value>
    /// <see langword="null"/> by default, which suits texts, whole numbers and <see cref="Guid"/>; other types need it.
    /// </value>
    public Func<TKey, string>? SecondLevelKey { get; set; }

    /// <summary>Gets how a key is written, the default included.</summary>
    internal Func<TKey, string> ToText => SecondLevelKey ?? (static key => Convert.ToString(key, CultureInfo.InvariantCulture)!);

    internal override IEnumerable<string> GetFaults()
    {
        foreach (string fault in base.GetFaults())
        {
            yield return fault;
        }

        if (typeof(TKey).IsArray)
        {
            yield return $"The keys are arrays ({typeof(TKey)}), which are equal only to themselves, so nothing would be found again: " +
                "select a text, a number or a record.";
        }

        if (SecondLevel is not null && SecondLevelKey is null && !HasStableText(typeof(TKey)))
        {
            yield return $"{nameof(SecondLevel)} needs {nameof(SecondLevelKey)} for keys of the type {typeof(TKey)}: " +
                "only texts, whole numbers and Guid have a text that is the same in every process.";
        }
    }

    private static bool HasStableText(Type type) =>
        type == typeof(string) || type == typeof(Guid) || type == typeof(int) || type == typeof(long) || type == typeof(uint)
        || type == typeof(ulong) || type == typeof(short) || type == typeof(ushort) || type == typeof(byte) || type == typeof(sbyte)
        || type == typeof(Int128) || type == typeof(UInt128);
}
