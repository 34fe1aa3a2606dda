namespace RealtimeInference;

/// <summary>Named tensors in, named tensors out: something that can run a forward pass.</summary>
/// <remarks>
/// Implementations are thread-safe: any number of runners may be out at once. Whoever creates a model disposes it; a
/// predictor only borrows it. Disposal waits for the runners that are out.
/// </remarks>
public interface IModel : IDisposable, IAsyncDisposable
{
    /// <summary>Gets the name that logs, metrics and errors use.</summary>
    string Name { get; }

    /// <summary>Gets the version.</summary>
    /// <value><see langword="null"/> where none was given.</value>
    string? Version { get; }

    /// <summary>Gets the inputs and outputs.</summary>
    ModelSignature Signature { get; }

    /// <summary>Gets how many runs at once make good use of the hardware: the default of a scheduler.</summary>
    /// <value>1 unless the model knows better.</value>
    int RecommendedConcurrentRuns => 1;

    /// <summary>Takes a runner: the memory and the right for one run. Dispose it to give it back.</summary>
    /// <param name="batchSize">The number of examples in the run; 1 where the model takes no batches.</param>
    /// <returns>A runner that nobody else has.</returns>
    /// <exception cref="ObjectDisposedException">The model is disposed.</exception>
    ModelRunner Rent(int batchSize = 1);

    /// <summary>Asks for a service that the model or something inside it offers.</summary>
    /// <param name="serviceType">The type of the service.</param>
    /// <param name="serviceKey">An optional key.</param>
    /// <returns>The service, or <see langword="null"/>.</returns>
    object? GetService(Type serviceType, object? serviceKey = null)
    {
        ArgumentNullException.ThrowIfNull(serviceType);
        return serviceKey is null && serviceType.IsInstanceOfType(this) ? this : null;
    }
}
