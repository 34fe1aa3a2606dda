namespace RealtimeInference;

/// <summary>A feature of a category; null and the empty text are missing ones.</summary>
internal abstract class TextEncoding(FeaturePlan plan, string? replacement) : FeatureEncoding(plan)
{
    private readonly bool _isUnknownWhereMissing = plan.Missing == MissingRule.Unknown;

    public void Write(string? value, Span<float> target, ref TabularFaults faults)
    {
        if (string.IsNullOrEmpty(value))
        {
            WriteMissing(target, ref faults);
            value = replacement ?? (_isUnknownWhereMissing ? "" : null);
            if (value is null)
            {
                return;
            }
        }

        WriteValue(value, target, ref faults);
    }

    /// <summary>Writes the elements of a text; an empty one is an unknown one.</summary>
    protected abstract void WriteValue(string value, Span<float> target, ref TabularFaults faults);
}
