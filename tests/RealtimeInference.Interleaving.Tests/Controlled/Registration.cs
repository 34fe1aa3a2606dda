namespace RealtimeInference.Interleaving.Controlled;

/// <summary>
/// Stands in for <see cref="System.Threading.CancellationTokenRegistration"/>, which waits for a callback under way: here
/// without holding up the schedule.
/// </summary>
internal readonly struct Registration(System.Threading.CancellationTokenRegistration real)
{
    public static implicit operator Registration(System.Threading.CancellationTokenRegistration real) => new(real);

    public void Dispose()
    {
        Interleaver.Point("unregister");
        if (!real.Unregister() && Cancellation.Find(real.Token) is { } cancellation)
        {
            cancellation.AwaitEnd();
        }
    }
}
