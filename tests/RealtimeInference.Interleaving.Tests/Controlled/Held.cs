namespace RealtimeInference.Interleaving.Controlled;

/// <summary>Who holds a lock. May be entered again by its holder.</summary>
internal sealed class Held
{
    private int _owner = -1;
    private int _depth;

    public void Enter()
    {
        if (!Interleaver.IsInside)
        {
            return;
        }

        Interleaver.Point("lock");
        while (_owner >= 0 && _owner != Interleaver.CurrentThread)
        {
            Interleaver.Wait(this);
        }

        _owner = Interleaver.CurrentThread;
        _depth++;
    }

    public void Exit()
    {
        if (_owner == Interleaver.CurrentThread && --_depth == 0)
        {
            _owner = -1;
            Interleaver.Instance.Wake(this, all: true);
        }
    }

    /// <summary>Gives it up for as long as somebody waits for a signal.</summary>
    public bool Wait(object signal, int timeout)
    {
        (int depth, _depth, _owner) = (_depth, 0, -1);
        Interleaver.Instance.Wake(this, all: true);
        bool isSignalled = Interleaver.Wait(signal, timeout);
        while (_owner >= 0)
        {
            Interleaver.Wait(this);
        }

        (_owner, _depth) = (Interleaver.CurrentThread, depth);
        return isSignalled;
    }

    public override string ToString() => "a lock";
}
