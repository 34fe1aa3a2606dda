namespace RealtimeInference;

/// <summary>What ONNX Runtime prefers when it chooses the device itself.</summary>
public enum DevicePolicy
{
    /// <summary>ONNX Runtime's own choice.</summary>
    Default,

    /// <summary>The CPU.</summary>
    PreferCpu,

    /// <summary>A neural processor.</summary>
    PreferNpu,

    /// <summary>A GPU.</summary>
    PreferGpu,

    /// <summary>The quickest.</summary>
    MaxPerformance,

    /// <summary>The most work for the energy.</summary>
    MaxEfficiency,

    /// <summary>The least power.</summary>
    MinPower,
}
