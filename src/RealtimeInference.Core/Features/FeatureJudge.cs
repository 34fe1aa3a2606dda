namespace RealtimeInference;

/// <summary>Goes over the rows of a lookup: tells the context what was defaulted, and finds the first row that its view does without.</summary>
internal ref struct FeatureJudge(PredictionContext context, FeatureRecord? record)
{
    private FeatureRow? _failing;
    private FeatureDefaultReason _failingReason;

    // Read once for all rows, and only if an age matters.
    private DateTimeOffset? _now;

    public void Judge(FeatureRow row)
    {
        FeatureView view = row.View;
        if (view.TimeToLive is { } timeToLive && row.IsFound && !(GetAge(row) <= timeToLive))
        {
            row.Expire();
        }

        FeatureDefaultReason reason = row.DefaultReason;
        FeatureRowData? data = row.Data;
        bool isFull = data is { IsFull: true };
        if (!isFull)
        {
            context.HasDefaultedFeatures = true;
            if (_failing is null && Find(view, reason, data) is var failing and not FeatureDefaultReason.None)
            {
                _failing = row;
                _failingReason = failing;
            }
        }

        if (record is not null)
        {
            Record(row, reason, data, isFull);
        }
    }

    public readonly void ThrowIfAny()
    {
        if (_failing is { } row)
        {
            throw FeatureLookupException.Of(row, _failingReason);
        }
    }

    // Why the prediction must fail over this row; none if it need not.
    private static FeatureDefaultReason Find(FeatureView view, FeatureDefaultReason reason, FeatureRowData? data)
    {
        if (reason == FeatureDefaultReason.None && data?.Fault is not null)
        {
            reason = FeatureDefaultReason.WrongType;
        }

        FeatureFallback fallback = reason switch
        {
            FeatureDefaultReason.Missing or FeatureDefaultReason.Expired => view.OnMissing,
            FeatureDefaultReason.TimedOut => view.OnTimeout,
            FeatureDefaultReason.Failed or FeatureDefaultReason.WrongType => view.OnError,
            _ => FeatureFallback.UseDefaults,
        };
        return fallback == FeatureFallback.Fail ? reason : FeatureDefaultReason.None;
    }

    private void Record(FeatureRow row, FeatureDefaultReason reason, FeatureRowData? data, bool isFull)
    {
        TimeSpan? age = GetAge(row);
        record!.Add(new FeatureUse(row.View, row.Key, null, reason, age, row.Error));
        if (isFull || reason != FeatureDefaultReason.None)
        {
            return;
        }

        foreach (FeatureField field in row.View.FieldArray)
        {
            FeatureDefaultReason why = data?.GetReason(field.Ordinal) ?? FeatureDefaultReason.Missing;
            if (why != FeatureDefaultReason.None)
            {
                record.Add(new FeatureUse(row.View, row.Key, field, why, age, null));
            }
        }
    }

    private TimeSpan? GetAge(FeatureRow row) =>
        row.Timestamp is { } timestamp ? (_now ??= context.TimeProvider.GetUtcNow()) - timestamp : null;
}
