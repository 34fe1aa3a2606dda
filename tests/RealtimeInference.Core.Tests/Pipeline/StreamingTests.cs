using System.Runtime.CompilerServices;
using Microsoft.Extensions.Time.Testing;
using RealtimeInference.Core.Tests.Fakes;

namespace RealtimeInference.Core.Tests.Pipeline;

/// <summary>A stream is read part by part, and what happens to it happens while it is read.</summary>
public sealed class StreamingTests
{
    private readonly List<string> _log = [];

    [Fact]
    public async Task Predict_Read_GivesThePartsInOrder()
    {
        using FakeModel model = FakeModel.Of(static x => x + 1);
        IStreamingPredictor<float, int> predictor = Predictor.For<float>().Model(model).Stream((x, _, token) => CountTo((int)x, token)).Build();

        (await predictor.PredictStreamingAsync(4).ToListAsync()).Should().Equal(1, 2, 3, 4, 5);
        (model.Rented, model.Returned).Should().Be((1, 1));
    }

    [Fact]
    public async Task Predict_NotRead_DoesNothing()
    {
        IStreamingPredictor<int, int> predictor = Predictor.For<int>()
            .Transform(x => Log(x, "stage"))
            .Stream((x, _, token) => CountTo(x, token))
            .Build();
        using PredictionContext context = PredictionContext.Rent();

        IAsyncEnumerable<int> parts = predictor.PredictStreamingAsync(2);
        IAsyncEnumerable<int> partsOfContext = predictor.PredictStreamingAsync(2, context, CancellationToken.None);
        _log.Should().BeEmpty();

        await parts.ToListAsync();
        _log.Should().Equal("stage", "part 1", "part 2", "end");

        await partsOfContext.ToListAsync();
        _log.Should().HaveCount(8);
    }

    [Fact]
    public async Task Predict_ReadPartByPart_ProducesNoMoreThanIsRead()
    {
        IStreamingPredictor<int, int> predictor = Predictor.For<int>().Stream((x, _, token) => CountTo(x, token)).Build();

        await using IAsyncEnumerator<int> parts = predictor.PredictStreamingAsync(3).GetAsyncEnumerator();
        (await parts.MoveNextAsync()).Should().BeTrue();

        _log.Should().Equal("part 1");
    }

    [Fact]
    public async Task Predict_ReadTwice_PredictsTwice()
    {
        IStreamingPredictor<int, int> predictor = Predictor.For<int>().Stream((x, _, token) => CountTo(x, token)).Build();
        IAsyncEnumerable<int> parts = predictor.PredictStreamingAsync(2);

        (await parts.ToListAsync()).Should().Equal(1, 2);
        (await parts.ToListAsync()).Should().Equal(1, 2);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Predict_CancelledMidStream_EndsAfterThePartsSoFar(bool byTheReader)
    {
        using var source = new CancellationTokenSource();
        IStreamingPredictor<int, int> predictor = Predictor.For<int>().Stream((x, _, token) => CountTo(x, token)).Build();
        IAsyncEnumerable<int> parts = byTheReader
            ? Attach(predictor.PredictStreamingAsync(100), source.Token)
            : predictor.PredictStreamingAsync(100, source.Token);
        List<int> read = [];

        await FluentActions.Awaiting(async () =>
        {
            await foreach (int part in parts)
            {
                read.Add(part);
                if (part == 3)
                {
                    await source.CancelAsync();
                }
            }
        }).Should().ThrowAsync<OperationCanceledException>();

        read.Should().Equal(1, 2, 3);
        _log[^1].Should().Be("end", "what the stream holds is let go");
    }

    [Fact]
    public async Task Predict_FunctionThatDropsTheToken_TheStreamGetsItAllTheSame()
    {
        using var source = new CancellationTokenSource();
        IAsyncEnumerable<int> endless = CountTo(int.MaxValue, CancellationToken.None);
        IStreamingPredictor<int, int> predictor = Predictor.For<int>().Stream((_, _, _) => endless).Build();

        await FluentActions.Awaiting(async () =>
            {
                await foreach (int _ in predictor.PredictStreamingAsync(1, source.Token))
                {
                    await source.CancelAsync();
                }
            })
            .Should().ThrowAsync<OperationCanceledException>();

        _log.Should().Equal("part 1", "end");
    }

    [Fact]
    public async Task Predict_CancelledBeforeTheModel_RentsNoRunner()
    {
        using FakeModel model = FakeModel.Of(static x => x);
        IStreamingPredictor<float, int> predictor = Predictor.For<float>().Model(model).Stream((x, _, token) => CountTo((int)x, token)).Build();
        using var source = new CancellationTokenSource();
        await source.CancelAsync();

        (await FluentActions.Awaiting(async () => await predictor.PredictStreamingAsync(1, source.Token).ToListAsync())
            .Should().ThrowAsync<OperationCanceledException>())
            .Which.CancellationToken.Should().Be(source.Token);
        model.Rented.Should().Be(0);
        _log.Should().BeEmpty();
    }

    [Fact]
    public async Task Predict_FaultsOfEveryPlace_ComeWhileReading()
    {
        PredictorBuilder<int, int> builder = Predictor.For<int>();
        IStreamingPredictor<int, int> refused = builder.Validate(static _ => false, "no").Stream((x, _, token) => CountTo(x, token)).Build();
        IStreamingPredictor<int, int> broken = builder.Transform<int>(static _ => throw new FormatException()).Stream((x, _, token) => CountTo(x, token)).Build();
        IStreamingPredictor<int, int> noStream = builder.Stream<int>(static (_, _, _) => throw new FormatException()).Build();
        IStreamingPredictor<int, int> midway = builder.Stream((x, _, token) => CountTo(x, token).Select(static i => i < 3 ? i : throw new FormatException())).Build();

        (await ReadUntil<InputValidationException>(refused)).Should().BeEmpty();
        (await ReadUntil<FormatException>(broken)).Should().BeEmpty();
        (await ReadUntil<FormatException>(noStream)).Should().BeEmpty();
        _log.Should().BeEmpty();
        (await ReadUntil<FormatException>(midway)).Should().Equal(1, 2);
        _log[^1].Should().Be("end");
    }

    [Fact]
    public async Task Predict_BrokenOffEarly_EndsTheStreamAndGivesTheContextBack()
    {
        PredictionContext? used = null;
        IStreamingPredictor<int, int> predictor = Predictor.For<int>().Stream((x, context, token) =>
        {
            used = context;
            context.SetDeadline(TimeSpan.FromSeconds(1));
            return CountTo(x, token);
        }).Build();

        await foreach (int part in predictor.PredictStreamingAsync(100))
        {
            if (part == 2)
            {
                break;
            }
        }

        _log.Should().Equal("part 1", "part 2", "end");
        used!.HasDeadline.Should().BeFalse("a context that was given back is clean");
    }

    [Fact]
    public async Task Predict_ContextOfTheCaller_IsTimedAndStillTheCallers()
    {
        var clock = new FakeTimeProvider();
        using PredictionContext context = PredictionContext.Rent(clock);
        IStreamingPredictor<int, int> predictor = Predictor.For<int>()
            .Transform(static x => x, "prepare")
            .Stream((x, _, token) => CountTo(x, token).Select(i =>
            {
                clock.Advance(TimeSpan.FromMilliseconds(2));
                return i;
            }))
            .Build();

        await predictor.PredictStreamingAsync(3, context, CancellationToken.None).ToListAsync();

        context.Timings.ToArray().Select(static t => (t.Stage, t.Elapsed.TotalMilliseconds)).Should().Equal(
            ("prepare", 0), (StageNames.Stream, 6));
    }

    [Fact]
    public async Task Use_SeveralDecorators_TheFirstAddedIsTheOutermost()
    {
        IStreamingPredictor<int, int> predictor = Predictor.For<int>()
            .Stream((x, _, token) => CountTo(x, token))
            .Use(inner => new Mapping(inner, static i => i + 1))
            .Use(inner => new Mapping(inner, static i => i * 10))
            .Build();

        (await predictor.PredictStreamingAsync(2).ToListAsync()).Should().Equal(11, 21);
    }

    [Fact]
    public void Build_DecoratorThatReturnsNothing_SaysWhich()
    {
        StreamingPredictorBuilder<int, int> builder = Predictor.For<int>()
            .Stream((x, _, token) => CountTo(x, token))
            .Use(inner => new Mapping(inner, static i => i))
            .Use(static _ => null!);

        builder.Invoking(b => b.Build()).Should().Throw<InvalidOperationException>().WithMessage("Decorator 2 returned no predictor*");
    }

    [Fact]
    public void GetService_OfSomethingInside_PassesThroughTheDecorators()
    {
        using FakeModel model = FakeModel.Of(static x => x);
        IStreamingPredictor<float, int> predictor = Predictor.For<float>()
            .Model(model)
            .Stream((x, _, token) => CountTo((int)x, token))
            .Use(static inner => new Passing(inner))
            .Build();

        predictor.GetService(typeof(IModel)).Should().BeSameAs(model);
        predictor.GetService(typeof(Passing)).Should().BeSameAs(predictor);
        predictor.GetService(typeof(IModel), "a key").Should().BeNull();
    }

    private static async Task<List<int>> ReadUntil<TException>(IStreamingPredictor<int, int> predictor)
        where TException : Exception
    {
        List<int> read = [];
        IAsyncEnumerable<int> parts = predictor.PredictStreamingAsync(100);
        await FluentActions.Awaiting(async () =>
        {
            await foreach (int part in parts)
            {
                read.Add(part);
            }
        }).Should().ThrowExactlyAsync<TException>();
        return read;
    }

    // As a reader who was handed only the stream would do it.
    private static async IAsyncEnumerable<int> Attach(
        IAsyncEnumerable<int> parts, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (int part in parts.WithCancellation(cancellationToken))
        {
            yield return part;
        }
    }

    private async IAsyncEnumerable<int> CountTo(int last, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        try
        {
            for (int i = 1; i <= last; i++)
            {
                await Task.Yield();
                cancellationToken.ThrowIfCancellationRequested();
                _log.Add($"part {i}");
                yield return i;
            }
        }
        finally
        {
            _log.Add("end");
        }
    }

    private int Log(int value, string entry)
    {
        _log.Add(entry);
        return value;
    }

    private sealed class Passing(IStreamingPredictor<float, int> inner) : DelegatingStreamingPredictor<float, int>(inner);

    private sealed class Mapping(IStreamingPredictor<int, int> inner, Func<int, int> map) : DelegatingStreamingPredictor<int, int>(inner)
    {
        public override IAsyncEnumerable<int> PredictStreamingAsync(
            int input, PredictionContext context, CancellationToken cancellationToken) =>
            Inner.PredictStreamingAsync(input, context, cancellationToken).Select(map);
    }
}
