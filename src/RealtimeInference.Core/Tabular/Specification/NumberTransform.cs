namespace RealtimeInference;

/// <summary>How a number is made into an element.</summary>
internal enum NumberTransform
{
    None,
    Standardize,
    MinMax,
    Log1p,
}
