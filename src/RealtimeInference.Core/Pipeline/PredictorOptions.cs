namespace RealtimeInference;

/// <summary>Settings of a predictor as a whole.</summary>
public sealed class PredictorOptions
{
    /// <summary>Gets or sets the clock for timings and deadlines.</summary>
    /// <value><see cref="TimeProvider.System"/> by default.</value>
    public TimeProvider TimeProvider { get; set; } = TimeProvider.System;

    /// <summary>Gets or sets the priority of predictions that set none.</summary>
    /// <value><see cref="PredictionPriority.Interactive"/> by default.</value>
    public PredictionPriority Priority { get; set; }

    /// <summary>Gets or sets how long a prediction that sets no deadline may take.</summary>
    /// <value><see langword="null"/>, as by default, for no limit.</value>
    public TimeSpan? Deadline { get; set; }
}
