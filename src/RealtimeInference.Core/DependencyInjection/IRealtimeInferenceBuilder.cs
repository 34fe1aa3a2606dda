using Microsoft.Extensions.DependencyInjection;

namespace RealtimeInference;

/// <summary>Adds models and predictors to a host.</summary>
public interface IRealtimeInferenceBuilder
{
    /// <summary>Gets the host's services.</summary>
    IServiceCollection Services { get; }
}
