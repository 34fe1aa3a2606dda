namespace RealtimeInference;

/// <summary>Where a model takes several examples at once.</summary>
public enum BatchDimension
{
    /// <summary>
    /// Read from the signature: <see cref="First"/> if the first dimension of every input and output is free and none of
    /// their names differ, else <see cref="None"/>.
    /// </summary>
    Auto,

    /// <summary>The first dimension of every input and output counts the examples; encoders see the others.</summary>
    First,

    /// <summary>A run takes one example; encoders see every dimension.</summary>
    None,
}
