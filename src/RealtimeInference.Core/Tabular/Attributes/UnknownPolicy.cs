namespace RealtimeInference;

/// <summary>What a feature does with a category that it does not know.</summary>
public enum UnknownPolicy
{
    /// <summary>The input is refused.</summary>
    Fail,

    /// <summary>Every element is 0.</summary>
    AllZero,

    /// <summary>They share a place of their own, after the known ones.</summary>
    Own,
}
