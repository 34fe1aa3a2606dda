using System.Runtime.CompilerServices;

namespace RealtimeInference.Core.Tests.Pipeline;

public sealed class StreamingTests
{
    private int _produced;
    private bool _ended;

    [Fact]
    public async Task PredictStreamingAsync_Read_GivesThePartsInOrder()
    {
        IStreamingPredictor<int, int> predictor = Build();
        List<int> parts = [];
        await foreach (int part in predictor.PredictStreamingAsync(3))
        {
            parts.Add(part);
        }

        parts.Should().Equal(10, 11, 12);
        _ended.Should().BeTrue();
    }

    [Fact]
    public void PredictStreamingAsync_NotRead_DoesNothing()
    {
        _ = Build().PredictStreamingAsync(3);
        _produced.Should().Be(0);
    }

    [Fact]
    public async Task PredictStreamingAsync_LeftEarly_EndsTheStream()
    {
        await foreach (int _ in Build().PredictStreamingAsync(1000))
        {
            break;
        }

        _produced.Should().Be(1);
        _ended.Should().BeTrue();
    }

    [Fact]
    public async Task PredictStreamingAsync_CancelledMidway_EndsWithTheCallersToken()
    {
        using var source = new CancellationTokenSource();
        Func<Task> read = async () =>
        {
            await foreach (int _ in Build().PredictStreamingAsync(1000, source.Token))
            {
                await source.CancelAsync();
            }
        };

        (await read.Should().ThrowAsync<OperationCanceledException>()).Which.CancellationToken.Should().Be(source.Token);
        _produced.Should().Be(1);
        _ended.Should().BeTrue();
    }

    [Fact]
    public async Task PredictStreamingAsync_FaultyInput_IsRefusedWhenRead()
    {
        IAsyncEnumerable<int> stream = Build().PredictStreamingAsync(-1);
        Func<Task> read = async () => await stream.GetAsyncEnumerator().MoveNextAsync();

        (await read.Should().ThrowAsync<InputValidationException>()).Which.Faults.Should().ContainSingle();
        _produced.Should().Be(0);
    }

    [Fact]
    public async Task Use_Decorators_FirstAddedIsOutermost()
    {
        var names = new List<string>();
        IStreamingPredictor<int, int> predictor = Predictor.For<int>()
            .Stream((n, _, token) => CountAsync(n, token))
            .Use(inner => new Recorder(inner, "first", names))
            .Use(inner => new Recorder(inner, "second", names))
            .Build();
        using PredictionContext context = PredictionContext.Rent();
        await foreach (int _ in predictor.PredictStreamingAsync(2, context, CancellationToken.None))
        {
        }

        names.Should().Equal("first", "second");
        context.Timings.ToArray().Select(static t => t.Stage).Should().Equal("stream");
        predictor.GetService(typeof(TimeProvider)).Should().NotBeNull();
    }

    private IStreamingPredictor<int, int> Build() => Predictor.For<int>()
        .Validate(static n => n >= 0, "must not be negative")
        .Stream((n, _, token) => CountAsync(n, token))
        .Build();

    private async IAsyncEnumerable<int> CountAsync(int n, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        try
        {
            for (int i = 0; i < n; i++)
            {
                cancellationToken.ThrowIfCancellationRequested();
                await Task.Yield();
                _produced++;
                yield return 10 + i;
            }
        }
        finally
        {
            _ended = true;
        }
    }

    private sealed class Recorder(IStreamingPredictor<int, int> inner, string name, List<string> names) : DelegatingStreamingPredictor<int, int>(inner)
    {
        public override IAsyncEnumerable<int> PredictStreamingAsync(int input, PredictionContext context, CancellationToken cancellationToken)
        {
            names.Add(name);
            return base.PredictStreamingAsync(input, context, cancellationToken);
        }
    }
}
