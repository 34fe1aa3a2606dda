using System.Collections.Concurrent;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace RealtimeInference;

/// <summary>Owns the models of a host: checks their settings, loads each once, disposes them.</summary>
internal sealed partial class ModelRegistry : IDisposable, IAsyncDisposable
{
    private readonly ConcurrentDictionary<string, Lazy<Task<OnnxModel>>> _models = new();
    private readonly Dictionary<string, ModelRegistration> _registrations;
    private readonly IConfiguration? _configuration;
    private readonly string _rootFolder;
    private readonly ILoggerFactory _loggerFactory;
    private readonly EnvironmentConfiguration[] _environment;
    private readonly Lock _environmentLock = new();
    private bool _isEnvironmentConfigured;

    public ModelRegistry(IServiceProvider services)
    {
        _registrations = services.GetServices<ModelRegistration>().ToDictionary(static r => r.Name);
        _configuration = services.GetServices<ModelConfigurationRoot>().LastOrDefault()?.Configuration
            ?? services.GetService<IConfiguration>()?.GetSection("RealtimeInference");
        _rootFolder = services.GetService<IHostEnvironment>()?.ContentRootPath ?? AppContext.BaseDirectory;
        _loggerFactory = services.GetService<ILoggerFactory>() ?? NullLoggerFactory.Instance;
        _environment = [.. services.GetServices<EnvironmentConfiguration>()];
    }

    public OnnxModel Get(string name) => GetAsync(name, CancellationToken.None).GetAwaiter().GetResult();

    public OnnxModel GetOnly() => _registrations.Count == 1
        ? Get(_registrations.Keys.First())
        : throw new InvalidOperationException(
            $"There are {_registrations.Count} models: {DescribeNames()}. Ask for one by its name, as a keyed service.");

    /// <summary>Checks the settings of all models, then loads them side by side.</summary>
    /// <exception cref="OptionsValidationException">Settings have faults; the message names them all.</exception>
    public async Task LoadAllAsync(CancellationToken cancellationToken)
    {
        WarnOfUnknownModels();
        string[] faults = [.. _registrations.Values.SelectMany(r => Prepare(r).Faults)];
        ThrowIfAny(faults);
        Task<OnnxModel>[] loads = [.. _registrations.Keys.Select(name => GetAsync(name, cancellationToken))];
        try
        {
            await Task.WhenAll(loads).ConfigureAwait(false);
        }
        catch (Exception) when (loads.Count(static l => l.IsFaulted) > 1)
        {
            Exception[] errors = [.. loads.Where(static l => l.IsFaulted).Select(static l => l.Exception!.InnerException!)];
            throw new AggregateException($"{errors.Length} of {loads.Length} models cannot be loaded.", errors);
        }
    }

    public void Dispose() => DisposeAsync().AsTask().GetAwaiter().GetResult();

    public async ValueTask DisposeAsync()
    {
        foreach (Lazy<Task<OnnxModel>> model in _models.Values)
        {
            if (model is { IsValueCreated: true, Value.IsCompletedSuccessfully: true })
            {
                await (await model.Value.ConfigureAwait(false)).DisposeAsync().ConfigureAwait(false);
            }
        }
    }

    private Task<OnnxModel> GetAsync(string name, CancellationToken cancellationToken)
    {
        if (!_registrations.TryGetValue(name, out ModelRegistration? registration))
        {
            throw new InvalidOperationException(
                $"There is no model named '{name}'; there are: {DescribeNames()}. Add it with AddModel(\"{name}\", path).");
        }

        return _models.GetOrAdd(name, _ => new Lazy<Task<OnnxModel>>(() => LoadAsync(registration, cancellationToken))).Value;
    }

    private Task<OnnxModel> LoadAsync(ModelRegistration registration, CancellationToken cancellationToken)
    {
        (string? path, OnnxModelOptions options, List<string> faults) = Prepare(registration);
        ThrowIfAny(faults);
        ConfigureEnvironment();
        return OnnxModel.LoadAsync(path!, options, cancellationToken);
    }

    private (string? Path, OnnxModelOptions Options, List<string> Faults) Prepare(ModelRegistration registration)
    {
        var options = new OnnxModelOptions { Name = registration.Name, LoggerFactory = _loggerFactory };
        var faults = new List<string>();
        IConfigurationSection? section = _configuration?.GetSection("Models").GetSection(registration.Name);
        string? path = registration.Path;
        if (section is not null)
        {
            OnnxModelOptionsBinder.Bind(section, options, faults);
            path = section["Path"] ?? path;
        }

        registration.Configure?.Invoke(options);
        faults.AddRange(options.GetFaults().Select(f => $"Model '{registration.Name}': {f}"));
        if (string.IsNullOrWhiteSpace(path))
        {
            faults.Add($"Model '{registration.Name}' has no path: pass it to AddModel, or set RealtimeInference:Models:{registration.Name}:Path.");
            return (null, options, faults);
        }

        path = Path.GetFullPath(path, _rootFolder);
        if (!File.Exists(path))
        {
            faults.Add($"Model '{registration.Name}': there is no file '{path}'.");
        }

        return (path, options, faults);
    }

    private void ConfigureEnvironment()
    {
        lock (_environmentLock)
        {
            if (_isEnvironmentConfigured || _environment.Length == 0)
            {
                return;
            }

            _isEnvironmentConfigured = true;
            var options = new OnnxEnvironmentOptions { LoggerFactory = _loggerFactory };
            foreach (EnvironmentConfiguration configuration in _environment)
            {
                configuration.Configure(options);
            }

            try
            {
                OnnxEnvironment.Configure(options);
            }
            catch (InvalidOperationException exception)
            {
                LogEnvironmentStands(_loggerFactory.CreateLogger<ModelRegistry>(), exception.Message);
            }
        }
    }

    private void WarnOfUnknownModels()
    {
        foreach (IConfigurationSection section in _configuration?.GetSection("Models").GetChildren() ?? [])
        {
            if (!_registrations.ContainsKey(section.Key))
            {
                LogUnknownModel(_loggerFactory.CreateLogger<ModelRegistry>(), section.Path, DescribeNames());
            }
        }
    }

    private string DescribeNames() =>
        _registrations.Count == 0 ? "none" : string.Join(", ", _registrations.Keys.Select(static n => $"'{n}'"));

    private static void ThrowIfAny(IReadOnlyCollection<string> faults)
    {
        if (faults.Count > 0)
        {
            throw new OptionsValidationException(nameof(OnnxModelOptions), typeof(OnnxModelOptions), faults);
        }
    }

    [LoggerMessage(LogLevel.Warning, "{Section} configures a model that was not added; there are: {Models}")]
    private static partial void LogUnknownModel(ILogger logger, string section, string models);

    [LoggerMessage(LogLevel.Warning, "The settings of the environment have no effect: {Reason}")]
    private static partial void LogEnvironmentStands(ILogger logger, string reason);
}
