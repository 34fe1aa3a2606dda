using RealtimeInference.Interleaving.Controlled;

namespace RealtimeInference.Interleaving;

/// <summary>Runs a scenario in one schedule after the other, until one fails.</summary>
internal static class Explorer
{
    private const int TraceLength = 300;
    private const int Turn = 50;

    /// <summary>Gets how often what happened, over all schedules so far.</summary>
    public static Dictionary<string, int> Seen { get; } = [];

    /// <summary>Runs all scenarios in turn, a few schedules of each strategy at a time, until so many were run or one fails.</summary>
    /// <param name="schedules">How many at least.</param>
    /// <param name="firstSeed">The first seed of the strategies that have one.</param>
    /// <param name="named">What the name of a scenario has in it; null for all scenarios.</param>
    /// <param name="log">Is told how many of each scenario were run.</param>
    /// <returns>How many were run, and the first failure with what replays it; null for none.</returns>
    public static (int Schedules, string? Failure) ExploreAll(int schedules, int firstSeed = 1, string? named = null, Action<string>? log = null)
    {
        Scenario[] scenarios = [.. HandOver.All.Where(s => named is null || s.Name.Contains(named, StringComparison.OrdinalIgnoreCase))];
        IStrategy[][] strategies = [.. scenarios.Select(s => Prepare(s, firstSeed))];
        int[] counts = new int[scenarios.Length];
        string? failure = null;
        while (failure is null && counts.Sum() < schedules)
        {
            for (int i = 0; i < scenarios.Length && failure is null; i++)
            {
                foreach (IStrategy strategy in strategies[i])
                {
                    (int count, failure) = Explore(scenarios[i], strategy, Turn);
                    counts[i] += count;
                    if (failure is not null)
                    {
                        break;
                    }
                }
            }
        }

        for (int i = 0; i < scenarios.Length; i++)
        {
            string searched = strategies[i].OfType<BoundedSearch>().Single().IsComplete ? ", with all of at most two preemptions" : "";
            log?.Invoke($"{counts[i],7} schedules{searched}: {scenarios[i].Name}");
        }

        Interleaver.Instance.Close();
        return (counts.Sum(), failure);
    }

    /// <summary>Runs some schedules of one strategy.</summary>
    /// <returns>How many were run, and the first failure with what replays it; null for none.</returns>
    public static (int Schedules, string? Failure) Explore(Scenario scenario, IStrategy strategy, int schedules)
    {
        for (int count = 1; count <= schedules; count++)
        {
            if (!strategy.Begin(again: false))
            {
                return (count - 1, null);
            }

            if (Run(scenario, strategy, isTraced: false) is { } failure)
            {
                return (count, Describe(scenario, strategy, failure));
            }
        }

        return (schedules, null);
    }

    private static IStrategy[] Prepare(Scenario scenario, int firstSeed)
    {
        // One schedule without preemption says about how many choices there are.
        var first = new BoundedSearch(preemptions: 0);
        first.Begin(again: false);
        Run(scenario, first, isTraced: false);
        int steps = Math.Max(Interleaver.Instance.Choices, 1) * 2;
        return [new RandomWalk(firstSeed), new RandomPriorities(firstSeed, steps), new BoundedSearch(preemptions: 2)];
    }

    private static string Describe(Scenario scenario, IStrategy strategy, string failure)
    {
        strategy.Begin(again: true);
        string? again = Run(scenario, strategy, isTraced: true);
        string replayed = again == failure ? "replayed" : $"replayed differently: {again}";
        string[] lines = [$"{scenario.Name}: {failure}", $"{strategy.Description}; {replayed}", .. Interleaver.Instance.Trace.TakeLast(TraceLength)];
        return string.Join(Environment.NewLine, lines);
    }

    private static string? Run(Scenario scenario, IStrategy strategy, bool isTraced)
    {
        Statics.Reset();
        Monitor.Reset();
        Cancellation.Reset();
        Uses.Reset();
        StallWatch.Reset();
        scenario.Model.Reset();
        (scenario.Model.Nanoseconds, scenario.Model.StepsPerRun) = (scenario.RunNanoseconds, scenario.StepsPerRun);
        Clock.Step = scenario.ClockStep;
        Controlled.Thread.Suppressed = scenario.HasWatchdog ? null : "RealtimeInference watchdog";

        Interleaver interleaver = Interleaver.Instance;
        interleaver.Begin(strategy, isTraced);
        interleaver.Timeouts = scenario.Timeouts;
        interleaver.PatientTimeouts = scenario.HasWatchdog ? 40 : 0;
        var world = new World(scenario);
        interleaver.IsDone = () => world.IsDone;
        scenario.Arrange(world);
        interleaver.Run();
        if (interleaver.Failure is null && world.FindFault() is { } fault)
        {
            interleaver.Fail(fault, isAtEnd: true);
        }

        world.Count(Seen);

        return interleaver.Failure;
    }
}
