namespace RealtimeInference;

/// <summary>What a prediction does that cannot have its features.</summary>
public enum FeatureFallback
{
    /// <summary>It goes on with the defaults of the fields, and says so in its context.</summary>
    UseDefaults = 0,

    /// <summary>It fails with a <see cref="FeatureLookupException"/>.</summary>
    Fail = 1,
}
