namespace RealtimeInference;

/// <summary>What a feature does without a value. The members of <c>MissingPolicy</c>, in its order.</summary>
internal enum MissingRule
{
    Fail,
    AllZero,
    Default,
    Indicator,
    Unknown,
}
