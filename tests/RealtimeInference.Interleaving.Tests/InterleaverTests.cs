namespace RealtimeInference.Interleaving.Tests;

/// <summary>The tool itself: what it finds, that it finds all of it, and that it finds it again.</summary>
[Collection(nameof(Interleaver))]
public sealed class InterleaverTests
{
    private static readonly Interleaver s_interleaver = Interleaver.Instance;

    private int _shared;

    public static TheoryData<string> Strategies => new("random walk", "random priorities", "search");

    [Theory]
    [MemberData(nameof(Strategies))]
    public void Strategy_ReadThenWrite_FindsTheLostUpdate(string name)
    {
        IStrategy strategy = Create(name);

        bool isFound = Enumerable.Range(0, 200).TakeWhile(_ => strategy.Begin(again: false)).Any(_ => RunAdders(strategy) == 1);

        isFound.Should().BeTrue();
    }

    [Theory]
    [MemberData(nameof(Strategies))]
    public void Strategy_TheSameScheduleAgain_TakesTheSameSteps(string name)
    {
        IStrategy strategy = Create(name);
        for (int i = 0; i < 50 && strategy.Begin(again: false); i++)
        {
            int first = RunAdders(strategy);
            string[] trace = [.. s_interleaver.Trace];
            strategy.Begin(again: true);

            RunAdders(strategy).Should().Be(first);
            s_interleaver.Trace.Should().Equal(trace);
        }
    }

    // Two threads of two steps each: 6 orders, of which 2 need no preemption, and 2 need two.
    [Theory]
    [InlineData(0, 2)]
    [InlineData(1, 4)]
    [InlineData(2, 6)]
    [InlineData(9, 6)]
    public void Search_TwoThreadsOfTwoSteps_TriesEachOrderOnce(int preemptions, int orders)
    {
        var strategy = new BoundedSearch(preemptions);
        var seen = new List<string>();
        while (strategy.Begin(again: false))
        {
            var order = new List<int>();
            Run(strategy, () => Step(order, 0), () => Step(order, 1));
            seen.Add(string.Concat(order));
        }

        strategy.IsComplete.Should().BeTrue();
        seen.Distinct().Should().HaveCount(orders);

        static void Step(List<int> order, int thread)
        {
            // A thread begins at a choice as well.
            order.Add(thread);
            Interleaver.Point("between");
            order.Add(thread);
        }
    }

    [Fact]
    public void Run_TwoLocksInOppositeOrder_FailsWithWhoWaits()
    {
        var strategy = new BoundedSearch(preemptions: 1);
        string? failure = null;
        while (failure is null && strategy.Begin(again: false))
        {
            object first = new();
            object second = new();
            Run(strategy, () => LockBoth(first, second), () => LockBoth(second, first));
            failure = s_interleaver.Failure;
        }

        failure.Should().Contain("thread 0 waits for a lock").And.Contain("thread 1 waits for a lock");

        static void LockBoth(object outer, object inner)
        {
            lock (outer)
            {
                lock (inner)
                {
                }
            }
        }
    }

    [Theory]
    [InlineData(0, false)]
    [InlineData(1, true)]
    public void Wait_WithATimeLimit_EndsOnlyWhereTheScheduleAllowsIt(int timeouts, bool ends)
    {
        bool hasEnded = false;
        var strategy = new BoundedSearch(preemptions: 0);
        strategy.Begin(again: false);

        Run(
            strategy,
            () =>
            {
                object gate = new();
                lock (gate)
                {
                    hasEnded = !Monitor.Wait(gate, 1);
                }
            },
            static () => { },
            timeouts);

        hasEnded.Should().Be(ends);
        (s_interleaver.Failure is null).Should().Be(ends);
    }

    [Fact]
    public void Run_AThreadThatThrows_FailsWithItsException()
    {
        var strategy = new RandomWalk(1);
        strategy.Begin(again: false);

        Run(strategy, static () => throw new FormatException("oh dear"), static () => { });

        s_interleaver.Failure.Should().Contain("thread 0 failed").And.Contain("oh dear");
    }

    [Fact]
    public void Run_AThreadThatNeverEnds_Fails()
    {
        var strategy = new RandomWalk(1);
        strategy.Begin(again: false);

        Run(strategy, Forever, static () => { });

        s_interleaver.Failure.Should().Contain("no end");

        static void Forever()
        {
            while (true)
            {
                Interleaver.Point("spin");
            }
        }
    }

    private static IStrategy Create(string name) => name switch
    {
        "random walk" => new RandomWalk(1),
        "random priorities" => new RandomPriorities(1, steps: 10),
        _ => new BoundedSearch(preemptions: 2),
    };

    private static void Run(IStrategy strategy, Action first, Action second, int timeouts = 0)
    {
        int running = 2;
        Monitor.Reset();
        s_interleaver.Begin(strategy, isTraced: true);
        s_interleaver.Timeouts = (timeouts, 0);
        s_interleaver.PatientTimeouts = 0;
        s_interleaver.IsDone = () => running == 0;
        s_interleaver.Spawn("thread 0", () => End(first));
        s_interleaver.Spawn("thread 1", () => End(second));
        s_interleaver.Run();

        void End(Action job)
        {
            job();
            running--;
        }
    }

    private int RunAdders(IStrategy strategy)
    {
        _shared = 0;
        Run(strategy, Add, Add);
        return _shared;

        void Add() => Volatile.Write(ref _shared, Volatile.Read(ref _shared) + 1);
    }
}
