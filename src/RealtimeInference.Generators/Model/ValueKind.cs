namespace RealtimeInference;

/// <summary>What a property holds, as far as features care.</summary>
internal enum ValueKind
{
    Other,
    Number,
    Boolean,
    Text,
    Enum,
    DateTime,
    DateTimeOffset,
    DateOnly,
}
