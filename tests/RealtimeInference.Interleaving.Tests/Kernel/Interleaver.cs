using System.Numerics;

namespace RealtimeInference.Interleaving;

/// <summary>
/// Runs threads one at a time. Each atomic operation, lock, wait, spin and start of a thread is a point at which a
/// <see cref="IStrategy"/> says who goes on, so that a schedule is repeatable.
/// </summary>
/// <remarks>
/// What this does not show: reads and writes that are neither atomic nor volatile happen together with the point before them,
/// and all is sequentially consistent, so that neither a compiler's nor a processor's reordering is tried. Where the hand-over
/// relies on order it has full fences (see BatchScheduler), which give the same order on every processor.
/// </remarks>
internal sealed class Interleaver
{
    private const int MaxSteps = 50_000;
    private const int LongWait = 1000;

    // No thread has this number: who begins is a free choice.
    private const int Nobody = 63;

    [ThreadStatic]
    private static Fiber? t_me;

    // One at a time: the production code has static state as well.
    private static readonly Interleaver s_instance = new();

    private readonly List<Fiber> _pool = [];
    private readonly List<Fiber> _fibers = [];
    private readonly List<string> _trace = [];
    private readonly SemaphoreSlim _ended = new(0);
    private IStrategy _strategy = null!;
    private ulong _runnable;
    private ulong _timed;
    private bool _isTraced;
    private bool _isAbandoned;

    public static Interleaver Instance => s_instance;

    /// <summary>Gets whether this thread is one of those that are interleaved.</summary>
    public static bool IsInside => t_me is not null;

    /// <summary>Gets the number of the thread, or -1.</summary>
    public static int CurrentThread => t_me?.Id ?? -1;

    /// <summary>Gets or sets the time, in nanoseconds.</summary>
    public long Now { get; set; }

    /// <summary>Gets or sets how many short timed waits may end early, and how many long ones.</summary>
    public (int Short, int Long) Timeouts { get; set; }

    /// <summary>Gets or sets how many short waits may end because nothing else can happen.</summary>
    public int PatientTimeouts { get; set; }

    /// <summary>Gets or sets what is asked when nobody can go on: whether all is done.</summary>
    public Func<bool> IsDone { get; set; } = static () => true;

    public int Steps { get; private set; }

    /// <summary>Gets at how many steps there was a choice.</summary>
    public int Choices { get; private set; }

    public string? Failure { get; private set; }

    public IReadOnlyList<string> Trace => _trace;

    public void Begin(IStrategy strategy, bool isTraced)
    {
        (_strategy, _isTraced, _isAbandoned) = (strategy, isTraced, false);
        (_runnable, _timed, Steps, Choices, Failure, Now) = (0, 0, 0, 0, null, 1_000_000);
        _fibers.Clear();
        _trace.Clear();
    }

    /// <summary>Adds a thread.</summary>
    public void Spawn(string name, Action job)
    {
        int id = _fibers.Count;
        if (id == Nobody)
        {
            Fail("more threads than a schedule can have");
            throw new AbandonedException();
        }

        if (id == _pool.Count)
        {
            _pool.Add(new Fiber(Loop));
        }

        Fiber fiber = _pool[id];
        fiber.Prepare(id, name, job);
        _fibers.Add(fiber);
        _runnable |= fiber.Bit;
        _strategy.Add(id);
    }

    /// <summary>Runs the threads until none can go on, and takes those that wait out of what they do.</summary>
    public void Run()
    {
        if (Choose(Nobody) is { } first)
        {
            first.Go();
            _ended.Wait();
        }

        if (Failure is null && !IsDone())
        {
            Fail("nobody can go on, and somebody still waits: " + string.Join("; ", _fibers.Where(static f => !f.IsEnded).Select(static f => $"{f.Name} waits for {f.WaitsFor}")));
        }

        _isAbandoned = true;
        for (int i = 0; i < _fibers.Count; i++)
        {
            if (!_fibers[i].IsEnded)
            {
                _fibers[i].Go();
                _ended.Wait();
            }
        }
    }

    /// <summary>Where another thread may come between.</summary>
    public static void Point(string operation, string where = "")
    {
        if (t_me is { } me)
        {
            s_instance.Step(me, operation, where);
        }
    }

    /// <summary>Waits until <see cref="Wake"/> is called with the same object.</summary>
    /// <returns>Whether that was before the time was over.</returns>
    public static bool Wait(object on, int timeout = -1) => s_instance.Block(t_me!, on, timeout);

    /// <summary>Lets one thread go on that waits for an object, or all of them.</summary>
    public void Wake(object on, bool all)
    {
        foreach (Fiber fiber in _fibers)
        {
            if (ReferenceEquals(fiber.WaitsFor, on))
            {
                fiber.WaitsFor = null;
                _runnable |= fiber.Bit;
                _timed &= ~fiber.Bit;
                if (!all)
                {
                    return;
                }
            }
        }
    }

    /// <summary>Notes what is wrong, unless threads are only being taken out of what they do.</summary>
    public void Fail(string message, bool isAtEnd = false)
    {
        if (!_isAbandoned || isAtEnd)
        {
            Failure ??= message;
        }
    }

    /// <summary>Ends the threads that are kept for the next schedule.</summary>
    public void Close()
    {
        _pool.ForEach(static f => f.End());
        _pool.Clear();
    }

    private void Step(Fiber me, string operation, string where)
    {
        Check();
        if (_isTraced)
        {
            _trace.Add($"{me.Id} {me.Name}: {operation}{(where.Length > 0 ? " in " : "")}{where}");
        }

        if (++Steps > MaxSteps)
        {
            Fail($"no end after {MaxSteps} steps");
        }

        if (Failure is not null)
        {
            End(me);
            return;
        }

        Fiber next = Choose(me.Id)!;
        if (next != me)
        {
            next.Go();
            me.AwaitTurn();
            Check();
        }
    }

    private bool Block(Fiber me, object on, int timeout)
    {
        Check();
        if (_isTraced)
        {
            _trace.Add($"{me.Id} {me.Name}: waits for {on}");
        }

        (me.WaitsFor, me.Timeout, me.HasTimedOut) = (on, timeout, false);
        _runnable &= ~me.Bit;
        _timed |= timeout >= 0 ? me.Bit : 0;
        Fiber? next = Choose(me.Id);
        if (next is null || Failure is not null)
        {
            End(me);
        }
        else if (next != me)
        {
            next.Go();
            me.AwaitTurn();
            Check();
        }

        return !me.HasTimedOut;
    }

    // Nothing more happens: this thread stays where it is until it is taken out.
    private void End(Fiber me)
    {
        _ended.Release();
        me.AwaitTurn();
        Check();
    }

    private void Check()
    {
        if (_isAbandoned)
        {
            throw new AbandonedException();
        }
    }

    private Fiber? Choose(int current)
    {
        ulong enabled = _runnable | (_timed == 0 ? 0 : GetTimed());
        if (enabled == 0)
        {
            // Time passes when nothing else does.
            enabled = PatientTimeouts > 0 && !IsDone() ? GetTimed(isPatient: true) : 0;
            if (enabled == 0)
            {
                return null;
            }

            PatientTimeouts--;
        }

        int next;
        if (BitOperations.IsPow2(enabled))
        {
            next = BitOperations.TrailingZeroCount(enabled);
        }
        else
        {
            Choices++;
            next = _strategy.Next(current, enabled);
        }

        Fiber fiber = _fibers[next];
        if ((_runnable & fiber.Bit) == 0)
        {
            EndWait(fiber);
        }

        return fiber;
    }

    private ulong GetTimed(bool isPatient = false)
    {
        ulong enabled = 0;
        for (ulong rest = _timed; rest != 0; rest &= rest - 1)
        {
            Fiber fiber = _fibers[BitOperations.TrailingZeroCount(rest)];
            bool isLong = fiber.Timeout >= LongWait;
            enabled |= (isPatient ? !isLong : (isLong ? Timeouts.Long : Timeouts.Short) > 0) ? fiber.Bit : 0;
        }

        return enabled;
    }

    private void EndWait(Fiber fiber)
    {
        if (fiber.Timeout >= LongWait)
        {
            Timeouts = (Timeouts.Short, Timeouts.Long - 1);
        }
        else
        {
            Timeouts = (Timeouts.Short - 1, Timeouts.Long);
            Now += fiber.Timeout * 1_000_000L;
        }

        fiber.HasTimedOut = true;
        fiber.WaitsFor = null;
        _runnable |= fiber.Bit;
        _timed &= ~fiber.Bit;
    }

    private void Loop(Fiber me)
    {
        t_me = me;
        while (true)
        {
            me.AwaitTurn();
            if (me.Job is null)
            {
                return;
            }

            if (!_isAbandoned)
            {
                RunJob(me);
            }

            me.IsEnded = true;
            _runnable &= ~me.Bit;
            if (!_isAbandoned && Failure is null && Choose(me.Id) is { } next)
            {
                next.Go();
            }
            else
            {
                _ended.Release();
            }
        }
    }

    private void RunJob(Fiber me)
    {
        try
        {
            me.Job!();
        }
        catch (AbandonedException)
        {
        }
        catch (Exception exception)
        {
            Fail($"{me.Name} failed: {exception}");
        }
    }
}
