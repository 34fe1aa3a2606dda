namespace RealtimeInference;

/// <summary>A prediction could not have its features, and its view says that defaults will not do.</summary>
public sealed class FeatureLookupException : PredictionException
{
    internal FeatureLookupException(string viewName, string key, FeatureDefaultReason reason, string message, Exception? innerException = null)
        : base(message, innerException)
    {
        ViewName = viewName;
        Key = key;
        Reason = reason;
    }

    /// <summary>Gets the name of the view.</summary>
    public string ViewName { get; }

    /// <summary>Gets the key of the entity; empty where the request named nobody.</summary>
    public string Key { get; }

    /// <summary>Gets what came between.</summary>
    public FeatureDefaultReason Reason { get; }

    internal static FeatureLookupException Of(FeatureRow row, FeatureDefaultReason reason)
    {
        FeatureView view = row.View;
        string key = row.Key.ToString();
        string what = $"the features '{view.Name}' of {view.Entity} '{key}'";
        (string why, string fix) = reason switch
        {
            FeatureDefaultReason.Missing when row.Key.IsEmpty => ($"The request names no {view.Entity}.", "name one"),
            FeatureDefaultReason.Missing => ("The store has no such row.", "store one"),
            FeatureDefaultReason.Expired when row.Timestamp is null => ($"The row does not say how old it is, and the view allows {view.TimeToLive}.", "store rows with a timestamp"),
            FeatureDefaultReason.Expired => ($"The row is of {row.Timestamp:O}, and the view allows an age of {view.TimeToLive}.", "store a newer row"),
            FeatureDefaultReason.TimedOut => ("The store did not answer in time.", "raise the time budget, put a near cache in front of the store"),
            FeatureDefaultReason.WrongType => ($"The store holds values of other types: found {row.Data!.Fault}.", "store values of the field's type"),
            _ => ($"The store failed: {row.Error?.Message}", "see the inner exception"),
        };
        string rule = reason switch
        {
            FeatureDefaultReason.TimedOut => "onTimeout",
            FeatureDefaultReason.Failed or FeatureDefaultReason.WrongType => "onError",
            _ => "onMissing",
        };
        return new FeatureLookupException(
            view.Name,
            key,
            reason,
            $"The prediction cannot have {what}. {why} To fix it, {fix}, or let the view go on with defaults: {rule}: {nameof(FeatureFallback)}.{nameof(FeatureFallback.UseDefaults)}.",
            row.Error);
    }
}
