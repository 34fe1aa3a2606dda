using System.Threading.Channels;
using RealtimeInference.Core.Tests.Batching;

namespace RealtimeInference.Core.Tests.Bulk;

/// <summary>Many items through one predictor: order, bounds, errors, resumption.</summary>
public sealed class PredictManyTests
{
    private static readonly IPredictor<int, int> s_doubled = Predictor.For<int>().TransformAsync(static async (x, _, _) =>
    {
        // Later ones are done sooner.
        await Task.Delay(x % 7 == 0 ? 5 : 0);
        return x == 13 ? throw new FormatException("thirteen") : x * 2;
    }).Build();

    [Fact]
    public async Task PredictMany_Collection_GivesEveryResultInOrderAndErrorsAsValues()
    {
        List<PredictionResult<int, int>> results = await ToListAsync(s_doubled.PredictManyAsync(Enumerable.Range(0, 300)));

        results.Select(r => r.Index).Should().Equal(Enumerable.Range(0, 300).Select(i => (long)i));
        results.Select(r => r.Input).Should().Equal(Enumerable.Range(0, 300));
        results.Where(r => r.IsSuccess).Should().OnlyContain(r => r.Value == r.Input * 2).And.HaveCount(299);
        PredictionResult<int, int> failed = results.Single(r => !r.IsSuccess);
        failed.Error.Should().BeOfType<FormatException>();
        ((Func<int>)(() => failed.Value)).Should().Throw<FormatException>().WithMessage("thirteen");
    }

    [Fact]
    public async Task PredictMany_AsCompleted_DoesNotWaitForTheSlowest()
    {
        var gate = new TaskCompletionSource();
        IPredictor<int, int> predictor = Predictor.For<int>().TransformAsync(async (x, _, _) =>
        {
            await (x == 0 ? gate.Task : Task.CompletedTask);
            return x;
        }).Build();
        var seen = new List<int>();

        await foreach (PredictionResult<int, int> result in predictor.PredictManyAsync(Enumerable.Range(0, 50), new() { InOrder = false }))
        {
            seen.Add(result.Value);
            if (seen.Count == 49)
            {
                seen.Should().NotContain(0);
                gate.SetResult();
            }
        }

        seen.Should().BeEquivalentTo(Enumerable.Range(0, 50)).And.HaveElementAt(49, 0);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task PredictMany_Bound_IsNeverReadPast(bool inOrder)
    {
        const int Bound = 8;
        int read = 0;
        int done = 0;
        int most = 0;

        await foreach (PredictionResult<int, int> _ in s_doubled.PredictManyAsync(Source(), new() { MaxInFlight = Bound, InOrder = inOrder }))
        {
            Interlocked.Increment(ref done);
        }

        done.Should().Be(200);

        most.Should().BeInRange(2, Bound);

        IEnumerable<int> Source()
        {
            for (int i = 0; i < 200; i++)
            {
                most = Math.Max(most, ++read - Volatile.Read(ref done));
                yield return i;
            }
        }
    }

    [Fact]
    public async Task PredictMany_ConsumerThatStops_StopsTheSource()
    {
        int read = 0;
        IAsyncEnumerator<PredictionResult<int, int>> results = s_doubled.PredictManyAsync(Source(), new() { MaxInFlight = 4 }).GetAsyncEnumerator();
        await results.MoveNextAsync();

        await results.DisposeAsync();

        int readWhenLeft = Volatile.Read(ref read);
        readWhenLeft.Should().BeLessThanOrEqualTo(5);
        await Task.Delay(20);
        read.Should().Be(readWhenLeft, "nobody reads on after the enumeration was left");

        IEnumerable<int> Source()
        {
            while (true)
            {
                yield return ++read;
            }
        }
    }

    [Fact]
    public async Task PredictMany_LeftEarly_CancelsWhatIsUnderWayAndWaitsForIt()
    {
        int running = 0;
        int cancelled = 0;
        IPredictor<int, int> predictor = Predictor.For<int>().TransformAsync(async (x, _, token) =>
        {
            if (x == 0)
            {
                return x;
            }

            Interlocked.Increment(ref running);
            try
            {
                await Task.Delay(Timeout.Infinite, token);
                return x;
            }
            catch (OperationCanceledException)
            {
                Interlocked.Increment(ref cancelled);
                throw;
            }
            finally
            {
                Interlocked.Decrement(ref running);
            }
        }).Build();

        await foreach (PredictionResult<int, int> _ in predictor.PredictManyAsync(Enumerable.Range(0, 10), new() { MaxInFlight = 4 }))
        {
            while (Volatile.Read(ref running) < 3)
            {
                await Task.Yield();
            }

            break;
        }

        (running, cancelled).Should().Be((0, 3));
    }

    [Fact]
    public async Task PredictMany_Cancelled_EndsWithThat()
    {
        using var source = new CancellationTokenSource();
        int seen = 0;
        Func<Task> run = async () =>
        {
            await foreach (PredictionResult<int, int> _ in s_doubled.PredictManyAsync(Enumerable.Range(0, 1000), new() { MaxInFlight = 4 }, source.Token))
            {
                if (++seen == 10)
                {
                    await source.CancelAsync();
                }
            }
        };

        (await run.Should().ThrowAsync<OperationCanceledException>()).Which.CancellationToken.Should().Be(source.Token);
        seen.Should().Be(10);
        await run.Should().ThrowAsync<OperationCanceledException>("it is cancelled before it begins");
    }

    [Fact]
    public async Task PredictMany_SourceThrows_GivesWhatWasReadAndThenTheError()
    {
        var seen = new List<int>();
        Func<Task> run = async () =>
        {
            await foreach (PredictionResult<int, int> result in s_doubled.PredictManyAsync(Source()))
            {
                seen.Add(result.Input);
            }
        };

        await run.Should().ThrowAsync<IOException>().WithMessage("the disk is gone");
        seen.Should().Equal(0, 1, 2);

        static IEnumerable<int> Source()
        {
            for (int i = 0; i < 3; i++)
            {
                yield return i;
            }

            throw new IOException("the disk is gone");
        }
    }

    [Fact]
    public async Task PredictMany_StartIndex_SkipsWithoutPredictingAndCountsOn()
    {
        var predicted = new List<int>();
        IPredictor<int, int> predictor = Predictor.For<int>().Transform(x =>
        {
            predicted.Add(x);
            return x;
        }).Build();

        List<PredictionResult<int, int>> results = await ToListAsync(predictor.PredictManyAsync(Enumerable.Range(100, 10), new() { StartIndex = 7 }));

        results.Select(r => (r.Index, r.Value)).Should().Equal((7, 107), (8, 108), (9, 109));
        predicted.Should().Equal(107, 108, 109);
        (await ToListAsync(predictor.PredictManyAsync(Enumerable.Range(0, 3), new() { StartIndex = 5 }))).Should().BeEmpty();
    }

    [Fact]
    public async Task PredictMany_StoppedAndResumed_LeavesNothingOutAndRepeatsNothingThatWasDone()
    {
        var done = new List<int>();
        long next = 0;
        var progress = new SynchronousProgress(p => next = p.NextIndex);
        for (int round = 0; round < 50 && next < 100; round++)
        {
            int inRound = 0;
            var options = new PredictManyOptions<int, int> { StartIndex = next, Progress = progress, InOrder = round % 2 == 0 };
            await foreach (PredictionResult<int, int> result in s_doubled.PredictManyAsync(Enumerable.Range(0, 100), options))
            {
                if (++inRound == 30)
                {
                    break;
                }

                done.Add(result.Input);
            }
        }

        // As completed, what was done ahead of the first that was not is done again: at least once, never less.
        done.Distinct().Should().BeEquivalentTo(Enumerable.Range(0, 100));
    }

    [Fact]
    public async Task PredictMany_OverABatchingModel_FillsTheBatches()
    {
        using var model = new RecordingModel { Spins = 2000 };
        IPredictor<long[], Summed> predictor = Summing.Plain(model, static o => o.MaxBatchSize = 32);
        IEnumerable<long[]> inputs = Enumerable.Range(0, 2000).Select(i => new long[] { i });

        int index = 0;
        await foreach (PredictionResult<long[], Summed> result in predictor.PredictManyAsync(inputs, new() { MaxInFlight = 128 }))
        {
            result.Value.Sum.Should().Be(index++);
        }

        index.Should().Be(2000);
        model.Runs.Count.Should().BeLessThan(2000 / 8, "batches are mostly full");
    }

    [Fact]
    public async Task PredictMany_Channel_IsReadUntilItIsCompleted()
    {
        Channel<int> channel = Channel.CreateBounded<int>(4);
        Task writer = Task.Run(async () =>
        {
            for (int i = 0; i < 100; i++)
            {
                await channel.Writer.WriteAsync(i);
            }

            channel.Writer.Complete();
        });

        List<PredictionResult<int, int>> results = await ToListAsync(s_doubled.PredictManyAsync(channel.Reader));

        await writer;
        results.Select(r => r.Input).Should().Equal(Enumerable.Range(0, 100));
    }

    [Fact]
    public async Task PredictMany_SlowStream_GivesEachResultWhenItIsThere()
    {
        Channel<int> channel = Channel.CreateUnbounded<int>();
        await using IAsyncEnumerator<PredictionResult<int, int>> results =
            s_doubled.PredictManyAsync(channel.Reader.ReadAllAsync()).GetAsyncEnumerator();

        for (int i = 1; i <= 3; i++)
        {
            // An event flow that never ends: the answer must not wait for the next event.
            channel.Writer.TryWrite(i);
            (await results.MoveNextAsync().AsTask().WaitAsync(TimeSpan.FromSeconds(30))).Should().BeTrue();
            results.Current.Value.Should().Be(i * 2);
        }
    }

    [Fact]
    public async Task PredictMany_EmptySource_GivesNothing()
    {
        (await ToListAsync(s_doubled.PredictManyAsync(Array.Empty<int>()))).Should().BeEmpty();
    }

    internal static async Task<List<T>> ToListAsync<T>(IAsyncEnumerable<T> items)
    {
        var list = new List<T>();
        await foreach (T item in items)
        {
            list.Add(item);
        }

        return list;
    }
}
