namespace RealtimeInference.Interleaving.Controlled;

/// <summary>Stands in for <see cref="System.Threading.ManualResetEventSlim"/>.</summary>
internal sealed class Event : IDisposable
{
    private bool _isSet;

    public void Set()
    {
        Interleaver.Point("set");
        _isSet = true;
        Interleaver.Instance.Wake(this, all: true);
    }

    public void Wait()
    {
        Interleaver.Point("wait");
        while (!_isSet)
        {
            Interleaver.Wait(this);
        }
    }

    public void Dispose()
    {
    }

    public override string ToString() => "an event";
}
