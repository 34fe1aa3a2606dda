using Microsoft.Extensions.Time.Testing;
using RealtimeInference.Core.Tests.Fakes;

namespace RealtimeInference.Core.Tests.Pipeline;

/// <summary>Decorators go around the whole pipeline, the first added outermost.</summary>
public sealed class DecoratorTests
{
    [Fact]
    public void Build_SeveralDecorators_TheFirstAddedIsTheOutermost()
    {
        IPredictor<int, int> predictor = Predictor.For<int>()
            .Use(static inner => new Outer(inner))
            .Use(static inner => new Middle(inner))
            .Use(static inner => new Innermost(inner))
            .Build();

        Chain(predictor).Should().Equal(typeof(Outer), typeof(Middle), typeof(Innermost), typeof(PipelinePredictor<int, int>));
    }

    [Fact]
    public async Task Predict_SeveralDecorators_GoesInAndComesOutInOrder()
    {
        List<string> log = [];
        IPredictor<int, int> predictor = Predictor.For<int>()
            .Transform(x =>
            {
                log.Add("stage");
                return x + 1;
            })
            .Use(inner => new Logging(inner, "a", log))
            .Use(inner => new Logging(inner, "b", log))
            .Build();

        (await predictor.PredictAsync(1)).Should().Be(2);

        log.Should().Equal("a in", "b in", "stage", "b out", "a out");
    }

    [Fact]
    public async Task Predict_DecoratorWithAContext_PassesThatContextOn()
    {
        PredictionContext? seen = null;
        IPredictor<int, int> predictor = Predictor.For<int>()
            .Transform((x, context) =>
            {
                seen = context;
                return x;
            })
            .Use(static inner => new Outer(inner))
            .Use(static inner => new Middle(inner))
            .Build();
        using PredictionContext context = PredictionContext.Rent();

        await predictor.PredictAsync(1, context, CancellationToken.None);

        seen.Should().BeSameAs(context);
    }

    [Fact]
    public async Task Predict_DecoratorThatAnswersItself_ThePipelineIsNotRun()
    {
        using FakeModel model = FakeModel.Of(static x => x);
        IPredictor<float, float> predictor = Predictor.For<float>().Model(model).Use(static inner => new Fixed(inner, 7)).Build();

        (await predictor.PredictAsync(1)).Should().Be(7);

        model.Rented.Should().Be(0);
    }

    [Fact]
    public async Task Predict_DecoratorThatThrows_TheErrorComesWhenAwaited()
    {
        IPredictor<int, int> predictor = Predictor.For<int>()
            .Use(static inner => new Outer(inner))
            .Use(static inner => new Throwing(inner))
            .Build();

        ValueTask<int> task = predictor.PredictAsync(1);

        task.IsFaulted.Should().BeTrue();
        await FluentActions.Awaiting(() => task.AsTask()).Should().ThrowExactlyAsync<FormatException>();
    }

    [Fact]
    public void Build_DecoratorThatReturnsNothing_SaysWhich()
    {
        DecoratedBuilder<int, int> builder = Predictor.For<int>()
            .Use(static inner => new Outer(inner))
            .Use(static _ => null!);

        builder.Invoking(b => b.Build()).Should().Throw<InvalidOperationException>().WithMessage("Decorator 2 returned no predictor*");
    }

    [Fact]
    public void Build_Twice_DecoratesEachPredictorOnce()
    {
        int calls = 0;
        DecoratedBuilder<int, int> builder = Predictor.For<int>().Use(inner =>
        {
            calls++;
            return new Outer(inner);
        });

        calls.Should().Be(0, "nothing is decorated before it is built");
        Chain(builder.Build()).Should().HaveCount(2);
        Chain(builder.Build()).Should().HaveCount(2);
        calls.Should().Be(2);
    }

    [Fact]
    public void Constructor_NoInner_IsRefused()
    {
        FluentActions.Invoking(static () => new Outer(null!)).Should().Throw<ArgumentNullException>().WithParameterName("inner");
    }

    [Fact]
    public void GetService_OfSomethingInside_PassesThroughEveryDecorator()
    {
        using FakeModel model = FakeModel.Of(static x => x);
        var clock = new FakeTimeProvider();
        IPredictor<float, float> predictor = Predictor.For<float>()
            .Model(model)
            .Use(static inner => new Fixed(inner, 1))
            .Use(static inner => new Other(inner))
            .Build(new PredictorOptions { TimeProvider = clock });

        predictor.GetService(typeof(IModel)).Should().BeSameAs(model);
        predictor.GetService(typeof(FakeModel)).Should().BeSameAs(model);
        predictor.GetService(typeof(TimeProvider)).Should().BeSameAs(clock);
        predictor.GetService(typeof(Other)).Should().BeOfType<Other>();
        predictor.GetService(typeof(Fixed)).Should().BeSameAs(predictor);
        predictor.GetService(typeof(IPredictor<float, float>)).Should().BeSameAs(predictor);
        predictor.GetService(typeof(PipelinePredictor<float, float>)).Should().BeOfType<PipelinePredictor<float, float>>();
        predictor.GetService(typeof(string)).Should().BeNull();
        predictor.GetService(typeof(IModel), "a key").Should().BeNull();
        predictor.Invoking(static p => p.GetService(null!)).Should().Throw<ArgumentNullException>();
    }

    [Fact]
    public void GetService_TwoModels_GivesTheFirst()
    {
        using FakeModel first = FakeModel.Of(static x => x);
        using FakeModel second = FakeModel.Of(static x => x);

        Predictor.For<float>().Model(first).Model(second).Build().GetService(typeof(IModel)).Should().BeSameAs(first);
    }

    private static List<Type> Chain(IPredictor<int, int> predictor)
    {
        List<Type> types = [predictor.GetType()];
        while (predictor is Passing passing)
        {
            predictor = passing.InnerPredictor;
            types.Add(predictor.GetType());
        }

        return types;
    }

    private abstract class Passing(IPredictor<int, int> inner) : DelegatingPredictor<int, int>(inner)
    {
        public IPredictor<int, int> InnerPredictor => Inner;
    }

    private sealed class Outer(IPredictor<int, int> inner) : Passing(inner);

    private sealed class Middle(IPredictor<int, int> inner) : Passing(inner);

    private sealed class Innermost(IPredictor<int, int> inner) : Passing(inner);

    private sealed class Other(IPredictor<float, float> inner) : DelegatingPredictor<float, float>(inner);

    private sealed class Fixed(IPredictor<float, float> inner, float answer) : DelegatingPredictor<float, float>(inner)
    {
        public override ValueTask<float> PredictAsync(float input, PredictionContext context, CancellationToken cancellationToken) =>
            ValueTask.FromResult(answer);
    }

    private sealed class Throwing(IPredictor<int, int> inner) : DelegatingPredictor<int, int>(inner)
    {
        public override ValueTask<int> PredictAsync(int input, PredictionContext context, CancellationToken cancellationToken) =>
            throw new FormatException("a fault of the decorator's own");
    }

    private sealed class Logging(IPredictor<int, int> inner, string name, List<string> log) : DelegatingPredictor<int, int>(inner)
    {
        public override async ValueTask<int> PredictAsync(
            int input, PredictionContext context, CancellationToken cancellationToken)
        {
            log.Add($"{name} in");
            int output = await Inner.PredictAsync(input, context, cancellationToken);
            log.Add($"{name} out");
            return output;
        }
    }
}
