using System.Collections.Concurrent;
using Microsoft.Extensions.Time.Testing;
using RealtimeInference.Core.Tests.Fakes;
using RealtimeInference.Core.Tests.Pipeline;

namespace RealtimeInference.Core.Tests.Bulk;

/// <summary>Progress, keys, acknowledgements, deadlines, overload, and options that cannot work.</summary>
public sealed class PredictManyOptionTests
{
    private readonly FakeTimeProvider _clock = new();

    public static TheoryData<Action<PredictManyOptions<int, int>>, string> Faults => new()
    {
        { o => o.MaxInFlight = 0, "*MaxInFlight is 0*at least 1*" },
        { o => o.StartIndex = -1, "*StartIndex is -1*" },
        { o => o.ProgressInterval = TimeSpan.FromSeconds(-1), "*ProgressInterval is -00:00:01*" },
        { o => o.TotalCount = -5, "*TotalCount is -5*" },
        { o => o.Priority = (PredictionPriority)9, "*Priority is 9*Interactive, Normal, Bulk*" },
        { o => o.ItemDeadline = TimeSpan.Zero, "*ItemDeadline is 00:00:00*" },
        { o => o.TimeProvider = null!, "*TimeProvider is null*" },
        { o => (o.MaxInFlight, o.StartIndex) = (0, -1), "*MaxInFlight*StartIndex*" },
    };

    [Theory]
    [MemberData(nameof(Faults))]
    public void PredictMany_OptionsThatCannotWork_SaysWhichAtOnce(Action<PredictManyOptions<int, int>> configure, string message)
    {
        var options = new PredictManyOptions<int, int>();
        configure(options);

        Action call = () => Same().PredictManyAsync([1], options);

        call.Should().Throw<ArgumentException>().WithMessage(message).WithParameterName("options");
    }

    [Fact]
    public void PredictMany_NoArguments_NamesThem()
    {
        ((Action)(() => Same().PredictManyAsync((IEnumerable<int>)null!))).Should().Throw<ArgumentNullException>().WithParameterName("inputs");
        ((Action)(() => Same().PredictManyAsync((IAsyncEnumerable<int>)null!))).Should().Throw<ArgumentNullException>().WithParameterName("inputs");
        ((Action)(() => ((IPredictor<int, int>)null!).PredictManyAsync([1]))).Should().Throw<ArgumentNullException>().WithParameterName("predictor");
    }

    [Fact]
    public async Task Progress_TellsRateAndTimeLeft()
    {
        var reports = new List<PredictManyProgress>();
        var options = new PredictManyOptions<int, int>
        {
            TimeProvider = _clock,
            StartIndex = 10,
            ProgressInterval = TimeSpan.FromSeconds(2),
            Progress = new SynchronousProgress(reports.Add),
        };
        IPredictor<int, int> predictor = Predictor.For<int>().Transform(static x => x == 12 ? throw new FormatException() : x).Build();

        await foreach (PredictionResult<int, int> _ in predictor.PredictManyAsync([.. Enumerable.Range(0, 20)], options))
        {
            _clock.Advance(TimeSpan.FromSeconds(1));
        }

        reports[0].Should().Be(new PredictManyProgress(2, 0, 20, TimeSpan.FromSeconds(2), 1, TimeSpan.FromSeconds(8), 12));
        reports[1].Should().Be(new PredictManyProgress(4, 1, 20, TimeSpan.FromSeconds(4), 1, TimeSpan.FromSeconds(6), 14));
        reports.Should().HaveCount(6, "each two seconds, and at the end");
        reports[^1].Should().Be(new PredictManyProgress(10, 1, 20, TimeSpan.FromSeconds(10), 1, TimeSpan.Zero, 20));
    }

    [Fact]
    public async Task OrderingKey_SameKey_OneAfterAnotherAndOtherKeysTogether()
    {
        var running = new ConcurrentDictionary<int, int>();
        var order = new ConcurrentDictionary<int, ConcurrentQueue<int>>();
        int now = 0;
        int most = 0;
        IPredictor<int, int> predictor = Predictor.For<int>().TransformAsync(async (x, _, token) =>
        {
            int key = x % 5;
            running.AddOrUpdate(key, 1, static (_, n) => n + 1).Should().Be(1, "items of one key do not overlap");
            most = Math.Max(most, Interlocked.Increment(ref now));
            order.GetOrAdd(key, static _ => new()).Enqueue(x);
            await Task.Delay(x % 3, token);
            Interlocked.Decrement(ref now);
            running[key] = 0;
            return x == 17 ? throw new FormatException() : x;
        }).Build();

        List<PredictionResult<int, int>> results = await PredictManyTests.ToListAsync(
            predictor.PredictManyAsync(Enumerable.Range(0, 100), new() { OrderingKey = static x => x % 5, InOrder = false, MaxInFlight = 20 }));

        results.Should().HaveCount(100);
        results.Count(r => !r.IsSuccess).Should().Be(1, "an error holds up nobody behind it");
        order.Values.Should().OnlyContain(q => q.SequenceEqual(q.Order()));
        most.Should().BeGreaterThan(1);
    }

    [Fact]
    public async Task OrderingKey_Throws_FailsItsItem()
    {
        List<PredictionResult<int, int>> results = await PredictManyTests.ToListAsync(
            Same().PredictManyAsync([1, 2, 3], new() { OrderingKey = static x => x == 2 ? throw new FormatException("no key") : x }));

        results.Select(r => r.IsSuccess).Should().Equal(true, false, true);
        results[1].Error!.Message.Should().Be("no key");
    }

    [Fact]
    public async Task Acknowledge_EachItemThatTheConsumerIsDoneWith_Once()
    {
        var acknowledged = new List<long>();
        var options = new PredictManyOptions<int, int>
        {
            Acknowledge = (result, _) =>
            {
                acknowledged.Add(result.Index);
                return ValueTask.CompletedTask;
            },
        };

        await foreach (PredictionResult<int, int> result in Same().PredictManyAsync(Enumerable.Range(0, 100), options))
        {
            acknowledged.Should().NotContain(result.Index, "the consumer is not done with it");
            if (result.Index == 4)
            {
                break;
            }
        }

        // The fifth was given, but the consumer left with it: the source must deliver it again.
        acknowledged.Should().Equal(0, 1, 2, 3);
    }

    [Fact]
    public async Task Acknowledge_Throws_EndsTheEnumerationWithThat()
    {
        int seen = 0;
        var options = new PredictManyOptions<int, int> { Acknowledge = static (_, _) => throw new IOException("the broker is gone") };
        Func<Task> run = async () =>
        {
            await foreach (PredictionResult<int, int> _ in Same().PredictManyAsync(Enumerable.Range(0, 100), options))
            {
                seen++;
            }
        };

        await run.Should().ThrowAsync<IOException>().WithMessage("the broker is gone");
        seen.Should().Be(1);
    }

    [Fact]
    public async Task Priority_IsBulkUnlessItIsSet()
    {
        var priorities = new List<PredictionPriority>();
        IPredictor<int, int> predictor = Predictor.For<int>().TransformAsync((x, context, _) =>
        {
            priorities.Add(context.Priority);
            return ValueTask.FromResult(x);
        }).Build();

        await PredictManyTests.ToListAsync(predictor.PredictManyAsync([1]));
        await PredictManyTests.ToListAsync(predictor.PredictManyAsync([1], new() { Priority = PredictionPriority.Normal }));

        priorities.Should().Equal(PredictionPriority.Bulk, PredictionPriority.Normal);
    }

    [Fact]
    public async Task Overload_IsWaitedOutAsLongAsItSays()
    {
        int calls = 0;
        var refused = new TaskCompletionSource();
        IPredictor<int, int> predictor = Predictor.For<int>().Transform(x =>
        {
            if (Interlocked.Increment(ref calls) > 2)
            {
                return x;
            }

            refused.TrySetResult();
            throw new OverloadedException("full", TimeSpan.FromSeconds(3));
        }).Build();
        Task<List<PredictionResult<int, int>>> run = PredictManyTests.ToListAsync(predictor.PredictManyAsync([7], new() { TimeProvider = _clock }));
        await refused.Task;

        while (!run.IsCompleted)
        {
            _clock.Advance(TimeSpan.FromSeconds(1));
            await Task.Delay(1);
        }

        (await run).Single().Value.Should().Be(7);
        calls.Should().Be(3);
    }

    [Fact]
    public async Task Overload_LongerThanTheDeadline_IsTheResult()
    {
        IPredictor<int, int> predictor = Predictor.For<int>()
            .Transform(static x => x == 1 ? throw new OverloadedException("full", TimeSpan.FromHours(1)) : x).Build();

        List<PredictionResult<int, int>> results = await PredictManyTests.ToListAsync(
            predictor.PredictManyAsync([1, 2], new() { ItemDeadline = TimeSpan.FromSeconds(10), TimeProvider = _clock }));

        results[0].Error.Should().BeOfType<OverloadedException>();
        results[1].Value.Should().Be(2);
    }

    [Fact]
    public async Task ItemDeadline_PassesDuringAPrediction_IsTheResultOfThatItem()
    {
        using FakeModel model = FakeModel.Of(static x => x);
        IPredictor<float, float> predictor = Predictor.For<float>().Transform(x =>
        {
            _clock.Advance(TimeSpan.FromSeconds(x == 1 ? 20 : 0));
            return x;
        }).Model(model).Build();

        List<PredictionResult<float, float>> results = await PredictManyTests.ToListAsync(predictor.PredictManyAsync(
            [0f, 1f, 2f], new() { ItemDeadline = TimeSpan.FromSeconds(10), TimeProvider = _clock, MaxInFlight = 1 }));

        results.Select(r => r.Error?.GetType()).Should().Equal(null, typeof(DeadlineExceededException), null);
    }

    private static IPredictor<int, int> Same() => Predictor.For<int>().Transform(static x => x).Build();
}
