using Microsoft.Extensions.Hosting;

namespace RealtimeInference;

/// <summary>Loads the models and builds the predictors before any other service of the host starts, its server among them.</summary>
internal sealed class InferenceStartup(
    ModelRegistry models, IEnumerable<PredictorRegistration> predictors, IServiceProvider services) : IHostedLifecycleService
{
    public async Task StartingAsync(CancellationToken cancellationToken)
    {
        await models.LoadAllAsync(cancellationToken).ConfigureAwait(false);
        foreach (PredictorRegistration predictor in predictors)
        {
            // An encoder that does not fit its model is found here, not by the first request.
            predictor.Build(services);
        }
    }

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
