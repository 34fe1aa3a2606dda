namespace RealtimeInference;

internal sealed class DateEncoding(DatePlan plan) : FeatureEncoding(plan)
{
    private readonly DatePartName[] _parts = [.. plan.Parts];
    private readonly bool _isCyclical = plan.IsCyclical;

    public void Write(DateTime? value, Span<float> target, ref TabularFaults faults)
    {
        if (value is not { } date)
        {
            WriteMissing(target, ref faults);
            return;
        }

        for (int i = 0; i < _parts.Length; i++)
        {
            DatePartName part = _parts[i];
            int number = Read(date, part.Kind);
            if (_isCyclical)
            {
                TabularEncoding.WriteCircle(target, 2 * i, number - part.First, part.Period);
            }
            else
            {
                target[i] = number;
            }
        }
    }

    private static int Read(DateTime date, DatePartKind part) => part switch
    {
        DatePartKind.Year => date.Year,
        DatePartKind.Month => date.Month,
        DatePartKind.Day => date.Day,
        DatePartKind.DayOfWeek => TabularEncoding.DayOfWeek(date),
        DatePartKind.DayOfYear => date.DayOfYear,
        DatePartKind.Hour => date.Hour,
        _ => date.Minute,
    };
}
