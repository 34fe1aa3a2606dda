namespace RealtimeInference;

/// <summary>Settings of a predictor as a whole.</summary>
public sealed class PredictorOptions
{
    /// <summary>Gets or sets the clock for timings and deadlines.</summary>
    /// <value><see cref="TimeProvider.System"/> by default.</value>
    public TimeProvider TimeProvider { get; set; } = TimeProvider.System;
}
