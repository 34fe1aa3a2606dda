namespace RealtimeInference;

/// <summary>How long one stage of one prediction took.</summary>
public readonly struct StageTiming : IEquatable<StageTiming>
{
    // Kept as raw ticks: turning them into a TimeSpan is left to the few who read it.
    private readonly long _ticks;
    private readonly long _frequency;

    internal StageTiming(string stage, long ticks, long frequency)
    {
        Stage = stage;
        _ticks = ticks;
        _frequency = frequency;
    }

    /// <summary>Gets the name of the stage; see <see cref="StageNames"/>.</summary>
    public string Stage { get; }

    /// <summary>Gets how long it took.</summary>
    public TimeSpan Elapsed => _frequency == 0
        ? TimeSpan.Zero
        : TimeSpan.FromTicks((long)(_ticks * ((double)TimeSpan.TicksPerSecond / _frequency)));

    /// <summary>Compares two timings.</summary>
    /// <param name="left">One.</param>
    /// <param name="right">The other.</param>
    /// <returns>Whether they are equal.</returns>
    public static bool operator ==(StageTiming left, StageTiming right) => left.Equals(right);

    /// <summary>Compares two timings.</summary>
    /// <param name="left">One.</param>
    /// <param name="right">The other.</param>
    /// <returns>Whether they differ.</returns>
    public static bool operator !=(StageTiming left, StageTiming right) => !left.Equals(right);

    /// <inheritdoc/>
    public bool Equals(StageTiming other) =>
        _ticks == other._ticks && _frequency == other._frequency && Stage == other.Stage;

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is StageTiming other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Stage, _ticks);

    /// <inheritdoc/>
    public override string ToString() => FormattableString.Invariant($"{Stage} {Elapsed.TotalMilliseconds:0.0000} ms");
}
