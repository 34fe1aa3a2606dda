using System.Globalization;

namespace RealtimeInference;

/// <summary>A column whose values have some type or other: reads them as its feature needs them.</summary>
internal abstract class ValueColumn<T>(FeaturePlan plan, Func<T, object?> read) : Column<T>(plan)
{
    private readonly string _name = plan.Name;

    public static Column<T> Create(FeaturePlan plan, Func<T, object?> read) => FeatureEncoding.Create(plan) switch
    {
        NumericEncoding numeric => new Numeric(plan, read, numeric),
        BooleanEncoding boolean => new Truth(plan, read, boolean),
        TextEncoding text => new Text(plan, read, text),
        var other => new Date(plan, read, (DateEncoding)other),
    };

    public override void Write(T row, Span<float> target, ref TabularFaults faults)
    {
        object? value = read(row);
        if (value is string text && string.IsNullOrWhiteSpace(text))
        {
            value = null;
        }

        if (!TryWrite(value, target, ref faults, out string expected))
        {
            faults.AddUnreadable(_name, value as string ?? Convert.ToString(value, CultureInfo.InvariantCulture)!, expected);
        }
    }

    protected abstract bool TryWrite(object? value, Span<float> target, ref TabularFaults faults, out string expected);

    private sealed class Numeric(FeaturePlan plan, Func<T, object?> read, NumericEncoding encoding) : ValueColumn<T>(plan, read)
    {
        protected override bool TryWrite(object? value, Span<float> target, ref TabularFaults faults, out string expected)
        {
            expected = "a number";
            if (!LooseValues.TryNumber(value, out double number))
            {
                return false;
            }

            encoding.Write(number, target, ref faults);
            return true;
        }
    }

    private sealed class Truth(FeaturePlan plan, Func<T, object?> read, BooleanEncoding encoding) : ValueColumn<T>(plan, read)
    {
        protected override bool TryWrite(object? value, Span<float> target, ref TabularFaults faults, out string expected)
        {
            expected = "0, 1, false or true";
            if (!LooseValues.TryTruth(value, out bool? truth))
            {
                return false;
            }

            encoding.Write(truth, target, ref faults);
            return true;
        }
    }

    private sealed class Text(FeaturePlan plan, Func<T, object?> read, TextEncoding encoding) : ValueColumn<T>(plan, read)
    {
        protected override bool TryWrite(object? value, Span<float> target, ref TabularFaults faults, out string expected)
        {
            expected = "a text";
            if (value is not (null or string or Enum))
            {
                return false;
            }

            encoding.Write(value?.ToString(), target, ref faults);
            return true;
        }
    }

    private sealed class Date(FeaturePlan plan, Func<T, object?> read, DateEncoding encoding) : ValueColumn<T>(plan, read)
    {
        protected override bool TryWrite(object? value, Span<float> target, ref TabularFaults faults, out string expected)
        {
            expected = "a date in ISO 8601, such as 2026-03-09 or 2026-03-09T17:05:00";
            if (!LooseValues.TryDate(value, out DateTime? date))
            {
                return false;
            }

            encoding.Write(date, target, ref faults);
            return true;
        }
    }
}
