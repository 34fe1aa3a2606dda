namespace RealtimeInference;

/// <summary>What a feature does without a value: null, a number that is NaN, an empty text.</summary>
public enum MissingPolicy
{
    /// <summary>The input is refused.</summary>
    Fail,

    /// <summary>Every element is 0: for a standardised number that is the mean.</summary>
    AllZero,

    /// <summary>A value that is written down stands for it.</summary>
    Default,

    /// <summary>One more element, after the others, is 1; the others are 0, or those of a default that is written down.</summary>
    Indicator,

    /// <summary>As a category that is not known.</summary>
    Unknown,
}
