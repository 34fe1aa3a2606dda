namespace RealtimeInference;

/// <summary>An execution provider that the host asked for cannot be used here.</summary>
public sealed class ExecutionProviderUnavailableException : PredictionException
{
    internal ExecutionProviderUnavailableException(
        string providerName, string reason, string? packageToInstall, string message, Exception? innerException = null)
        : base(message, innerException)
    {
        ProviderName = providerName;
        Reason = reason;
        PackageToInstall = packageToInstall;
    }

    /// <summary>Gets the name of the provider that was asked for.</summary>
    public string ProviderName { get; }

    /// <summary>Gets why it cannot be used, in words.</summary>
    public string Reason { get; }

    /// <summary>Gets the NuGet package that brings the provider.</summary>
    /// <value><see langword="null"/> where no package would help, or none is known.</value>
    public string? PackageToInstall { get; }
}
