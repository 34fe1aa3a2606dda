namespace RealtimeInference;

/// <summary>What a feature does with a category that it does not know. The members of <c>UnknownPolicy</c>, in its order.</summary>
internal enum UnknownRule
{
    Fail,
    AllZero,
    Own,
}
