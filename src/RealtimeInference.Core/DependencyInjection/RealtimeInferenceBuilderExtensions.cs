using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace RealtimeInference;

/// <summary>Adds models and predictors.</summary>
public static class RealtimeInferenceBuilderExtensions
{
    /// <summary>Adds a model whose file is named here or in the configuration.</summary>
    /// <param name="builder">The builder.</param>
    /// <param name="name">The name, unique in the host; the key of its services and of its settings.</param>
    /// <param name="path">
    /// The file; <see langword="null"/> to leave it to the configuration's <c>Models:{name}:Path</c>, which also wins where both
    /// are set. A relative path starts at the host's content root, or without a host at the app's folder.
    /// </param>
    /// <param name="configure">Changes its options, after the configuration.</param>
    /// <returns>The builder.</returns>
    /// <remarks>
    /// Resolves as keyed <see cref="IModel"/> and <see cref="OnnxModel"/>, and unkeyed where it is the only one. The container
    /// disposes it.
    /// </remarks>
    /// <exception cref="ArgumentException">The name is taken.</exception>
    public static IRealtimeInferenceBuilder AddModel(
        this IRealtimeInferenceBuilder builder, string name, string? path = null, Action<OnnxModelOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        RefuseTaken<ModelRegistration>(builder.Services, name, "model", static r => r.Name);
        builder.Services.AddSingleton(new ModelRegistration(name, path, configure));
        builder.Services.AddKeyedSingleton(name, static (services, key) => services.GetRequiredService<ModelRegistry>().Get((string)key!));
        builder.Services.AddKeyedSingleton<IModel>(name, static (services, key) => services.GetRequiredKeyedService<OnnxModel>(key));
        builder.Services.TryAddSingleton<IModel>(static services => services.GetRequiredService<ModelRegistry>().GetOnly());
        return builder;
    }

    /// <summary>Adds a predictor.</summary>
    /// <typeparam name="TIn">The type of a request.</typeparam>
    /// <typeparam name="TOut">The type of a prediction.</typeparam>
    /// <param name="builder">The builder.</param>
    /// <param name="name">The name, unique among the predictors of these types; the key of the service.</param>
    /// <param name="build">Builds it; <see cref="GetModel"/> finds a model.</param>
    /// <returns>The builder.</returns>
    /// <remarks>Resolves as keyed <see cref="IPredictor{TIn, TOut}"/>, and unkeyed where it is the only one of these types.</remarks>
    /// <exception cref="ArgumentException">The name is taken.</exception>
    public static IRealtimeInferenceBuilder AddPredictor<TIn, TOut>(
        this IRealtimeInferenceBuilder builder, string name, Func<IServiceProvider, IPredictor<TIn, TOut>> build) =>
        Add(builder, name, build);

    /// <summary>Adds a predictor that answers with a stream.</summary>
    /// <typeparam name="TIn">The type of a request.</typeparam>
    /// <typeparam name="TOut">The type of a part of the answer.</typeparam>
    /// <param name="builder">The builder.</param>
    /// <param name="name">The name, unique among the predictors of these types; the key of the service.</param>
    /// <param name="build">Builds it; <see cref="GetModel"/> finds a model.</param>
    /// <returns>The builder.</returns>
    /// <exception cref="ArgumentException">The name is taken.</exception>
    public static IRealtimeInferenceBuilder AddStreamingPredictor<TIn, TOut>(
        this IRealtimeInferenceBuilder builder, string name, Func<IServiceProvider, IStreamingPredictor<TIn, TOut>> build) =>
        Add(builder, name, build);

    /// <summary>Sets what is one for the whole process, before the first model is loaded.</summary>
    /// <param name="builder">The builder.</param>
    /// <param name="configure">Changes the options.</param>
    /// <returns>The builder.</returns>
    /// <remarks>Where ONNX Runtime has already been started, by another host in the process, its settings stand, and a warning is logged.</remarks>
    public static IRealtimeInferenceBuilder ConfigureEnvironment(
        this IRealtimeInferenceBuilder builder, Action<OnnxEnvironmentOptions> configure)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(configure);
        builder.Services.AddSingleton(new EnvironmentConfiguration(configure));
        return builder;
    }

    /// <summary>Finds a model by its name; loads it if need be.</summary>
    /// <param name="services">The host's services.</param>
    /// <param name="name">The name.</param>
    /// <returns>The model; the container disposes it.</returns>
    /// <exception cref="InvalidOperationException">No model of this name was added.</exception>
    public static IModel GetModel(this IServiceProvider services, string name)
    {
        ArgumentNullException.ThrowIfNull(services);
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        return services.GetRequiredService<ModelRegistry>().Get(name);
    }

    private static IRealtimeInferenceBuilder Add<TPredictor>(
        IRealtimeInferenceBuilder builder, string name, Func<IServiceProvider, TPredictor> build)
        where TPredictor : class
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        ArgumentNullException.ThrowIfNull(build);
        RefuseTaken<PredictorRegistration<TPredictor>>(builder.Services, name, "predictor of these types", static r => r.Name);
        var registration = new PredictorRegistration<TPredictor>(name);
        builder.Services.AddSingleton(registration);
        builder.Services.AddSingleton<PredictorRegistration>(registration);
        builder.Services.AddKeyedSingleton(name, (services, _) => build(services));
        builder.Services.TryAddSingleton(static services =>
        {
            string[] names = [.. services.GetServices<PredictorRegistration<TPredictor>>().Select(static r => r.Name)];
            return names.Length == 1
                ? services.GetRequiredKeyedService<TPredictor>(names[0])
                : throw new InvalidOperationException(
                    $"There are {names.Length} predictors of the type {typeof(TPredictor)}: {string.Join(", ", names.Select(static n => $"'{n}'"))}. " +
                    "Ask for one by its name, as a keyed service ([FromKeyedServices]).");
        });
        return builder;
    }

    private static void RefuseTaken<TRegistration>(
        IServiceCollection services, string name, string what, Func<TRegistration, string> getName)
        where TRegistration : class
    {
        if (services.Any(d => !d.IsKeyedService && d.ImplementationInstance is TRegistration other && getName(other) == name))
        {
            throw new ArgumentException($"There is already a {what} named '{name}'. Give each its own name.", nameof(name));
        }
    }
}
