using RealtimeInference.Core.Tests.Fakes;

namespace RealtimeInference.Core.Tests.Pipeline;

public sealed class DecoratorTests
{
    [Fact]
    public async Task Use_Several_FirstAddedIsOutermost()
    {
        var calls = new List<string>();
        IPredictor<int, int> predictor = Predictor.For<int>()
            .Transform(x =>
            {
                calls.Add("stage");
                return x;
            })
            .Use(inner => new Recorder(inner, "first", calls))
            .Use(inner => new Recorder(inner, "second", calls))
            .Build();

        await predictor.PredictAsync(1);

        calls.Should().Equal("first", "second", "stage");
        predictor.Should().BeOfType<Recorder>().Which.InnerPredictor.Should().BeOfType<Recorder>()
            .Which.InnerPredictor.Should().BeOfType<PipelinePredictor<int, int>>();
    }

    [Fact]
    public void GetService_ThroughDecorators_FindsWhatIsInside()
    {
        using var model = new FakeModel();
        var clock = new Microsoft.Extensions.Time.Testing.FakeTimeProvider();
        IPredictor<float, float> predictor = Predictor.For<float>()
            .Preprocess(static (x, inputs) => inputs.Get<float>("x")[0] = x)
            .Run(model)
            .Postprocess(static (_, outputs) => outputs.Get<float>("y")[0])
            .Use(static inner => new PassThrough(inner))
            .Build(new PredictorOptions { TimeProvider = clock });

        predictor.GetService(typeof(IModel)).Should().BeSameAs(model);
        predictor.GetService(typeof(TimeProvider)).Should().BeSameAs(clock);
        predictor.GetService(typeof(PassThrough)).Should().BeSameAs(predictor);
        predictor.GetService(typeof(IPredictor<float, float>)).Should().BeSameAs(predictor);
        predictor.GetService(typeof(IModel), "key").Should().BeNull();
        predictor.GetService(typeof(string)).Should().BeNull();
    }

    [Fact]
    public async Task PredictAsync_ThroughADecoratorWithContext_SharesIt()
    {
        IPredictor<float, Guid> predictor = Predictor.For<float>()
            .Transform(static (_, context) => context.Id)
            .Use(static inner => new PassThroughId(inner))
            .Build();
        using PredictionContext context = PredictionContext.Rent();

        (await predictor.PredictAsync(1, context, CancellationToken.None)).Should().Be(context.Id);
        (await predictor.PredictAsync(1)).Should().NotBe(context.Id);
    }

    private sealed class Recorder(IPredictor<int, int> inner, string name, List<string> calls) : DelegatingPredictor<int, int>(inner)
    {
        public IPredictor<int, int> InnerPredictor => Inner;

        public override ValueTask<int> PredictAsync(int input, PredictionContext context, CancellationToken cancellationToken)
        {
            calls.Add(name);
            return base.PredictAsync(input, context, cancellationToken);
        }
    }

    private sealed class PassThrough(IPredictor<float, float> inner) : DelegatingPredictor<float, float>(inner);

    private sealed class PassThroughId(IPredictor<float, Guid> inner) : DelegatingPredictor<float, Guid>(inner);
}
