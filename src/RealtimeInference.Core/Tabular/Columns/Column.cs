namespace RealtimeInference;

/// <summary>Reads one column of an example and writes its feature's elements. They are zero before.</summary>
internal abstract class Column<T>(FeaturePlan plan)
{
    public int Width { get; } = plan.Width;

    public abstract void Write(T row, Span<float> target, ref TabularFaults faults);
}

internal sealed class NumberColumn<T>(FeaturePlan plan, Func<T, double> read) : Column<T>(plan)
{
    // A mapping of the wrong type is reported when the map is complete, and its column is never used.
    private readonly NumericEncoding? _encoding = FeatureEncoding.Create(plan) as NumericEncoding;

    public override void Write(T row, Span<float> target, ref TabularFaults faults) => _encoding!.Write(read(row), target, ref faults);
}

internal sealed class BooleanColumn<T>(FeaturePlan plan, Func<T, bool?> read) : Column<T>(plan)
{
    private readonly BooleanEncoding? _encoding = FeatureEncoding.Create(plan) as BooleanEncoding;

    public override void Write(T row, Span<float> target, ref TabularFaults faults) => _encoding!.Write(read(row), target, ref faults);
}

internal sealed class CategoryColumn<T>(FeaturePlan plan, Func<T, string?> read) : Column<T>(plan)
{
    private readonly TextEncoding? _encoding = FeatureEncoding.Create(plan) as TextEncoding;

    public override void Write(T row, Span<float> target, ref TabularFaults faults) => _encoding!.Write(read(row), target, ref faults);
}

internal sealed class DateColumn<T>(FeaturePlan plan, Func<T, DateTime?> read) : Column<T>(plan)
{
    private readonly DateEncoding? _encoding = FeatureEncoding.Create(plan) as DateEncoding;

    public override void Write(T row, Span<float> target, ref TabularFaults faults) => _encoding!.Write(read(row), target, ref faults);
}
