namespace RealtimeInference.Interleaving.Controlled;

/// <summary>A caller's wish to cancel, and whether its callbacks are under way.</summary>
internal sealed class Cancellation
{
    private static readonly List<Cancellation> s_underWay = [];

    private readonly CancellationTokenSource _source = new();
    private int _thread = -1;

    public CancellationToken Token => _source.Token;

    public static void Reset() => s_underWay.Clear();

    public static Cancellation? Find(CancellationToken token) => s_underWay.Find(c => c.Token == token);

    public void Cancel()
    {
        Interleaver.Point("cancel");
        _thread = Interleaver.CurrentThread;
        s_underWay.Add(this);
        _source.Cancel();
        s_underWay.Remove(this);
        Interleaver.Instance.Wake(this, all: true);
    }

    public void AwaitEnd()
    {
        while (s_underWay.Contains(this) && _thread != Interleaver.CurrentThread)
        {
            Interleaver.Wait(this);
        }
    }

    public override string ToString() => "the end of a cancellation";
}
