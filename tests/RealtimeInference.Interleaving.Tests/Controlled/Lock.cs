using RealtimeInference.Interleaving.Controlled;

namespace System.Threading;

/// <summary>Stands in for the real one, in `lock` statements as well, which know it by this name.</summary>
internal sealed class Lock
{
    private readonly Held _held = new();

    public Scope EnterScope()
    {
        _held.Enter();
        return new Scope(_held);
    }

    public readonly ref struct Scope(Held held)
    {
        public void Dispose() => held.Exit();
    }
}
