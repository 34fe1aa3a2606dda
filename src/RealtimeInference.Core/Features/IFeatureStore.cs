namespace RealtimeInference;

/// <summary>Finds the features of entities by their keys: one verb.</summary>
/// <remarks>
/// Implementations are thread-safe, and own nothing of what they are given. What is the same for all stores is not theirs to
/// do: time budgets, the age limit of a view, defaults and what is said about them are the lookup's.
/// </remarks>
public interface IFeatureStore
{
    /// <summary>Fills the rows: as far as it can be, of all of them in one round trip.</summary>
    /// <param name="rows">
    /// Pending rows, each with its view and key, of any views in any order; the same view and key may come twice. They and their memory are the
    /// caller's again as soon as the task ends: until then the caller leaves them alone, from then on the store does.
    /// </param>
    /// <param name="cancellationToken">Gives the read up: nobody waits for it any more. The task should end soon, in any way.</param>
    /// <returns>
    /// A task that ends when the store is done with the rows; at once where they are at hand, and then nothing should be allocated. An
    /// error of it is that of every row that is still pending, and so is the end of the task itself.
    /// </returns>
    ValueTask ReadAsync(ReadOnlyMemory<FeatureRow> rows, CancellationToken cancellationToken);

    /// <summary>Asks for a service that the store or something inside it offers, such as its <see cref="IFeatureWriter"/>.</summary>
    /// <param name="serviceType">The type of the service.</param>
    /// <param name="serviceKey">An optional key.</param>
    /// <returns>The service, or <see langword="null"/>.</returns>
    object? GetService(Type serviceType, object? serviceKey = null)
    {
        ArgumentNullException.ThrowIfNull(serviceType);
        return serviceKey is null && serviceType.IsInstanceOfType(this) ? this : null;
    }
}
