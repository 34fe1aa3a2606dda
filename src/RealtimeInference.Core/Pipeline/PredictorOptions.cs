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

    internal PredictorOptions CheckAndCopy()
    {
        if (TimeProvider is null || !Enum.IsDefined(Priority) || Deadline < TimeSpan.Zero)
        {
            throw new ArgumentException(
                $"The predictor cannot work with TimeProvider {TimeProvider?.ToString() ?? "null"}, Priority {Priority} and Deadline {Deadline}: " +
                "the clock must be there, the priority one of the three, the deadline not negative.");
        }

        return new PredictorOptions { TimeProvider = TimeProvider, Priority = Priority, Deadline = Deadline };
    }
}
