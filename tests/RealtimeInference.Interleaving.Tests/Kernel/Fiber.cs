namespace RealtimeInference.Interleaving;

/// <summary>A thread that runs only while it is its turn. Kept from schedule to schedule: a new one would cost more than a schedule.</summary>
internal sealed class Fiber
{
    private readonly SemaphoreSlim _turn = new(0);

    public Fiber(Action<Fiber> loop) =>
        new System.Threading.Thread(() => loop(this)) { IsBackground = true, Name = "interleaved" }.UnsafeStart();

    public int Id { get; private set; }

    public ulong Bit => 1UL << Id;

    public string Name { get; private set; } = "";

    public Action? Job { get; private set; }

    /// <summary>Gets or sets what it waits for; null when it can go on.</summary>
    public object? WaitsFor { get; set; }

    /// <summary>Gets or sets how long it waits at most, in virtual milliseconds; negative for no limit.</summary>
    public int Timeout { get; set; }

    public bool HasTimedOut { get; set; }

    public bool IsStarted { get; set; }

    public bool IsEnded { get; set; }

    public void Prepare(int id, string name, Action job)
    {
        (Id, Name, Job) = (id, name, job);
        (WaitsFor, HasTimedOut, IsStarted, IsEnded, Timeout) = (null, false, false, false, -1);
    }

    /// <summary>Ends the thread, between two schedules.</summary>
    public void End()
    {
        Job = null;
        Go();
    }

    public void Go() => _turn.Release();

    public void AwaitTurn() => _turn.Wait();
}
