namespace RealtimeInference;

/// <summary>Which device DirectML chooses where there are several.</summary>
public enum DirectMlPreference
{
    /// <summary>The first.</summary>
    Default,

    /// <summary>The quickest.</summary>
    HighPerformance,

    /// <summary>The one that needs the least power.</summary>
    MinimumPower,
}
