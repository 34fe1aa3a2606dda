using RealtimeInference.Interleaving.Controlled;

namespace RealtimeInference.Interleaving;

/// <summary>The scenarios: small, so that few points decide.</summary>
internal static class HandOver
{
    private static readonly TimeSpan s_soon = TimeSpan.FromMilliseconds(2);

    public static IReadOnlyList<Scenario> All { get; } =
    [
        new()
        {
            Name = "two callers meet: one runs at once, the other queues or runs",
            Arrange = static w => Callers(w, 2, 1),
        },
        new()
        {
            Name = "three callers come while a run ends",
            Arrange = static w => Callers(w, 3, 1),
        },
        new()
        {
            Name = "callers come while a worker goes idle",
            Arrange = static w => Callers(w, 2, 2, PredictionPriority.Bulk),
        },
        new()
        {
            Name = "a long run: callers are resumed after the next run has begun",
            RunNanoseconds = 200_000,
            Arrange = static w => Callers(w, 3, 2),
        },
        new()
        {
            Name = "resumed callers ask again while their worker is relieved",
            Arrange = static w =>
            {
                Callers(w, 2, 3, PredictionPriority.Bulk);
                Stalls(w, 6);
            },
        },
        new()
        {
            Name = "resumed callers ask for more than a batch at their worker",
            Options = new BatchingOptions { MaxBatchSize = 1, MaxConcurrentRuns = 1 },
            Arrange = static w =>
            {
                Callers(w, 3, 2, PredictionPriority.Bulk);
                Stalls(w, 4);
            },
        },
        new()
        {
            Name = "a resumed caller asks for two at once, and its worker has room for one",
            Options = new BatchingOptions { MaxBatchSize = 1, MaxConcurrentRuns = 1 },
            Arrange = static w =>
            {
                w.Caller("a", async () =>
                {
                    await w.CallAsync(1, PredictionPriority.Bulk);
                    await Task.WhenAll(w.CallAsync(2, PredictionPriority.Bulk), w.CallAsync(3, PredictionPriority.Bulk));
                });
                Stalls(w, 2);
            },
        },
        new()
        {
            Name = "a caller cancels while its request is taken, run or dropped",
            Arrange = static w => Cancelled(w),
        },
        new()
        {
            Name = "all callers cancel during their run",
            StepsPerRun = 4,
            Arrange = static w =>
            {
                var cancellation = new Cancellation();
                w.Caller("a", () => w.CallAsync(new Call(1) { Cancellation = cancellation, Priority = PredictionPriority.Bulk }));
                w.Caller("b", () => w.CallAsync(new Call(2) { Cancellation = cancellation, Priority = PredictionPriority.Bulk }));
                w.Caller("c", () => w.CallAsync(3, PredictionPriority.Bulk));
                w.Thread("cancel", cancellation.Cancel);
            },
        },
        new()
        {
            Name = "deadlines pass in the queue and in a run, and the watchdog looks",
            HasWatchdog = true,
            Timeouts = (4, 0),
            StepsPerRun = 3,
            Arrange = static w =>
            {
                w.Caller("a", () => w.CallAsync(new Call(1) { Deadline = s_soon, Priority = PredictionPriority.Bulk }));
                w.Caller("b", () => w.CallAsync(new Call(2) { Deadline = s_soon, Priority = PredictionPriority.Bulk }));
                w.Caller("c", () => w.CallAsync(3));
            },
        },
        new()
        {
            Name = "examples are held back for a fuller batch",
            Options = new BatchingOptions { MaxBatchSize = 2, MaxConcurrentRuns = 1, MaxDelay = TimeSpan.FromMilliseconds(2) },
            HasWatchdog = true,
            Timeouts = (3, 0),
            Arrange = static w => Callers(w, 3, 1),
        },
        new()
        {
            Name = "the queue is full",
            Options = new BatchingOptions { MaxBatchSize = 2, MaxConcurrentRuns = 1, MaxQueueLength = 1 },
            Arrange = static w =>
            {
                for (int i = 1; i <= 3; i++)
                {
                    int input = i;
                    w.Caller("caller " + i, async () =>
                    {
                        await w.CallAsync(new Call(input) { MayBeRefused = true, Priority = PredictionPriority.Bulk });
                        await w.CallAsync(new Call(input) { MayBeRefused = true });
                    });
                }
            },
        },
        new()
        {
            Name = "two workers take from each other",
            Options = new BatchingOptions { MaxBatchSize = 2, MaxConcurrentRuns = 2 },
            Arrange = static w => Callers(w, 3, 2, PredictionPriority.Bulk),
        },
        new()
        {
            Name = "two slots, and workers relieve each other",
            Options = new BatchingOptions { MaxBatchSize = 2, MaxConcurrentRuns = 2 },
            ClockStep = 60_000,
            Arrange = static w => Callers(w, 3, 2, PredictionPriority.Bulk),
        },
        new()
        {
            Name = "three slots",
            Options = new BatchingOptions { MaxBatchSize = 2, MaxConcurrentRuns = 3 },
            RunNanoseconds = 150_000,
            Arrange = static w => Callers(w, 4, 1),
        },
        new()
        {
            Name = "an idle worker ends while it is woken",
            Timeouts = (0, 3),
            Arrange = static w => Callers(w, 2, 2, PredictionPriority.Bulk),
        },
        new()
        {
            Name = "the watchdog lets go while a caller comes",
            HasWatchdog = true,
            Timeouts = (6, 0),
            Arrange = static w =>
            {
                w.Caller("a", async () =>
                {
                    await w.CallAsync(1, PredictionPriority.Bulk);
                    await w.CallAsync(new Call(2) { Deadline = TimeSpan.FromMilliseconds(50), Priority = PredictionPriority.Bulk });
                });
                w.Caller("b", () => w.CallAsync(3, PredictionPriority.Bulk));
            },
        },
        new()
        {
            Name = "a resumed caller blocks until a mate of its batch is answered",
            HasWatchdog = true,
            Timeouts = (4, 0),
            Arrange = static w => BlockedByMate(w),
        },
        new()
        {
            Name = "a resumed caller blocks until a mate of its batch is answered, after a long run",
            HasWatchdog = true,
            Timeouts = (4, 0),
            RunNanoseconds = 200_000,
            Arrange = static w => BlockedByMate(w),
        },
        new()
        {
            Name = "the watchdog lets go of a batch whose first caller then blocks",
            HasWatchdog = true,
            Timeouts = (4, 0),
            Arrange = static w =>
            {
                var isAnswered = new Event();
                var isMateAnswered = new Event();
                w.Caller("begins the watch", async () =>
                {
                    await w.CallAsync(1, PredictionPriority.Bulk);
                    isAnswered.Set();
                });
                w.Caller("asks for two", () =>
                {
                    isAnswered.Wait();
                    Task first = w.CallAsync(2, PredictionPriority.Bulk);
                    Task second = w.CallAsync(3, PredictionPriority.Bulk);

                    // In this order: whose answer is there already goes on at once, on this thread.
                    Task set = ThenAsync(second, isMateAnswered.Set);
                    return Task.WhenAll(set, ThenAsync(first, isMateAnswered.Wait));
                });

                static async Task ThenAsync(Task call, Action then)
                {
                    await call;
                    then();
                }
            },
        },
        new()
        {
            Name = "a caller gives way to those who wait for its thread of the pool",
            Arrange = static w =>
            {
                ThreadPool.PendingWorkItemCount = 1;
                Callers(w, 3, 2);
            },
        },
        new()
        {
            Name = "a bad row is run alone, and a caller cancels",
            Arrange = static w =>
            {
                var cancellation = new Cancellation();
                w.Caller("a", () => w.CallAsync(TripleModel.Bad, PredictionPriority.Bulk));
                w.Caller("b", () => w.CallAsync(new Call(2) { Cancellation = cancellation, Priority = PredictionPriority.Bulk }));
                w.Caller("c", () => w.CallAsync(3, PredictionPriority.Bulk));
                w.Thread("cancel", cancellation.Cancel);
            },
        },
        new()
        {
            Name = "callers block their threads for the answer",
            Arrange = static w =>
            {
                w.Caller("a", () => w.CallAsync(new Call(1) { Blocks = true, Priority = PredictionPriority.Bulk }));
                w.Caller("b", () => w.CallAsync(new Call(2) { Blocks = true }));
                w.Caller("c", () => w.CallAsync(3));
            },
        },
    ];

    private static void Callers(World world, int callers, int calls, PredictionPriority priority = default)
    {
        for (int c = 1; c <= callers; c++)
        {
            int caller = c;
            world.Caller("caller " + c, async () =>
            {
                for (int i = 0; i < calls; i++)
                {
                    await world.CallAsync((caller * 10) + i, priority);
                }
            });
        }
    }

    private static void Stalls(World world, int looks) => world.Thread("looks for stalls", () =>
    {
        for (int i = 0; i < looks; i++)
        {
            world.CheckStalls();
        }
    });

    private static void Cancelled(World world)
    {
        var cancellation = new Cancellation();
        world.Caller("a", async () =>
        {
            await world.CallAsync(new Call(1) { Cancellation = cancellation, Priority = PredictionPriority.Bulk });
            await world.CallAsync(2, PredictionPriority.Bulk);
        });
        world.Caller("b", () => world.CallAsync(3, PredictionPriority.Bulk));
        world.Thread("cancel", cancellation.Cancel);
    }

    // The second caller has its answer only when somebody resumes it, and the first holds the thread that was about to.
    private static void BlockedByMate(World world)
    {
        var isAnswered = new Event();
        var isMateAnswered = new Event();
        world.Caller("a", async () =>
        {
            await world.CallAsync(1, PredictionPriority.Bulk);
            isAnswered.Set();
            isMateAnswered.Wait();
        });
        world.Caller("b", async () =>
        {
            await world.CallAsync(2, PredictionPriority.Bulk);
            isMateAnswered.Set();
            isAnswered.Wait();
        });
        world.Caller("c", () => world.CallAsync(3));
    }
}
