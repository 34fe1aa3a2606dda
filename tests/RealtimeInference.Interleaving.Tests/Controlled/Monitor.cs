using RealtimeInference.Interleaving;
using RealtimeInference.Interleaving.Controlled;

namespace System.Threading;

/// <summary>Stands in for the real one, in `lock` statements as well, for which the compiler looks it up by this name.</summary>
internal static class Monitor
{
    private static readonly Dictionary<object, (Held Lock, object Signal)> s_monitors = new(ReferenceEqualityComparer.Instance);

    /// <summary>Forgets all locks: those of one schedule do not bind the next.</summary>
    public static void Reset() => s_monitors.Clear();

    public static void Enter(object on, ref bool isTaken)
    {
        Get(on).Lock.Enter();
        isTaken = true;
    }

    public static void Exit(object on) => Get(on).Lock.Exit();

    public static void Wait(object on) => Wait(on, -1);

    public static bool Wait(object on, int timeout)
    {
        (Held held, object signal) = Get(on);
        return held.Wait(signal, timeout);
    }

    public static void Pulse(object on) => Interleaver.Instance.Wake(Get(on).Signal, all: false);

    private static (Held Lock, object Signal) Get(object on)
    {
        if (!s_monitors.TryGetValue(on, out (Held, object) monitor))
        {
            monitor = (new Held(), new Signal());
            s_monitors.Add(on, monitor);
        }

        return monitor;
    }

    private sealed class Signal
    {
        public override string ToString() => "a pulse";
    }
}
