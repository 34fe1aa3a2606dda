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
}
