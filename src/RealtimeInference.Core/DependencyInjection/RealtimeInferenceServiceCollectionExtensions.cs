using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using RealtimeInference;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Registers RealtimeInference with a host.</summary>
public static class RealtimeInferenceServiceCollectionExtensions
{
    /// <summary>Adds what models and predictors need. May be called more than once.</summary>
    /// <param name="services">The host's services.</param>
    /// <param name="configuration">
    /// The section with the settings of models, under <c>Models</c> by name; by default the section <c>RealtimeInference</c> of
    /// the host's configuration.
    /// </param>
    /// <returns>A builder to add models and predictors with.</returns>
    /// <remarks>
    /// When a host starts, before it serves, the settings of all models are checked, all models are loaded and warmed up, and
    /// all predictors are built. Without a host that happens when one is first resolved.
    /// </remarks>
    public static IRealtimeInferenceBuilder AddRealtimeInference(
        this IServiceCollection services, IConfiguration? configuration = null)
    {
        ArgumentNullException.ThrowIfNull(services);
        if (configuration is not null)
        {
            services.AddSingleton(new ModelConfigurationRoot(configuration));
        }

        services.TryAddSingleton<ModelRegistry>();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IHostedService, InferenceStartup>());
        return new RealtimeInferenceBuilder(services);
    }

    private sealed class RealtimeInferenceBuilder(IServiceCollection services) : IRealtimeInferenceBuilder
    {
        public IServiceCollection Services => services;
    }
}
