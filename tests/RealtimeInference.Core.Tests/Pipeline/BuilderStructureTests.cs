using System.Reflection;
using RealtimeInference.Core.Tests.Fakes;

namespace RealtimeInference.Core.Tests.Pipeline;

/// <summary>A pipeline costs what its stages cost: nothing stands between them that does nothing.</summary>
public sealed class BuilderStructureTests
{
    [Fact]
    public void Build_WithoutDecorators_IsTheBarePipeline()
    {
        Predictor.For<int>().Transform(static x => x).Build().Should().BeOfType<PipelinePredictor<int, int>>();
    }

    [Fact]
    public void Build_DecoratorThatReturnsItsInner_IsTheBarePipeline()
    {
        Predictor.For<int>().Use(static inner => inner).Use(static inner => inner).Build()
            .Should().BeOfType<PipelinePredictor<int, int>>();
    }

    [Fact]
    public void Build_OneStage_HasNoChain()
    {
        using FakeModel model = FakeModel.Of(static x => x);

        StagesOf(Predictor.For<float>().Build()).Should().ContainSingle();
        StagesOf(Predictor.For<float>().Transform(static x => x).Build()).Should().Equal(typeof(TransformStage<float, float>));
        StagesOf(Predictor.For<float>().Model(model).Build()).Should().Equal(typeof(BatchingStage<float, float>));
        StagesOf(Predictor.For<float>().Validate(static _ => true, "never").Validate(static _ => true, "never").Build())
            .Should().Equal(typeof(ValidateStage<float, float>), typeof(EmptyStage<float>));
    }

    [Fact]
    public void Build_WholePipeline_HasItsStagesAndNoOthers()
    {
        using FakeModel model = FakeModel.Of(static x => x);
        IPredictor<float, string> predictor = Predictor.For<float>()
            .Validate(static _ => true, "never")
            .Validate(static _ => true, "never")
            .Model(model)
            .TransformAsync(static (x, _, _) => ValueTask.FromResult((double)x))
            .Validate(static _ => true, "never")
            .Transform(static x => $"{x}")
            .Build();

        StagesOf(predictor).Should().Equal(
            typeof(ValidateStage<float, float>),
            typeof(BatchingStage<float, float>),
            typeof(TimedStage<float, double>),
            typeof(ValidateStage<double, string>),
            typeof(TransformStage<double, string>));
    }

    [Fact]
    public void Build_Twice_GivesTwoPredictors()
    {
        PredictorBuilder<int, int> builder = Predictor.For<int>().Transform(static x => x);

        builder.Build().Should().NotBeSameAs(builder.Build());
    }

    [Fact]
    public void Stages_Null_AreRefused()
    {
        PredictorBuilder<int, int> builder = Predictor.For<int>();

        Refuses("predicate", () => builder.Validate(null!, "message"));
        Refuses("message", () => builder.Validate(static _ => true, null!));
        Refuses("path", () => builder.Validate(static _ => true, "message", null!));
        Refuses("validate", () => builder.Validate((Action<int, FaultCollector>)null!));
        Refuses("validator", () => builder.Validate((IInputValidator<int>)null!));
        Refuses("stage", () => builder.Then<int>(null!));
        Refuses("transform", () => builder.Transform((Func<int, int>)null!));
        Refuses("transform", () => builder.Transform((Func<int, PredictionContext, int>)null!));
        Refuses("transform", () => builder.TransformAsync<int>(null!));
        Refuses("name", () => builder.Transform(static x => x, null!));
        Refuses("name", () => builder.Transform(static (x, _) => x, null!));
        Refuses("name", () => builder.TransformAsync(static (x, _, _) => ValueTask.FromResult(x), null!));
        Refuses("stream", () => builder.Stream<int>(null!));
        Refuses("decorate", () => builder.Use(null!));
        Refuses("decorate", () => builder.Use(static inner => inner).Use(null!));
        Refuses("decorate", () => builder.Stream(static (_, _, _) => AsyncEnumerable.Empty<int>()).Use(null!));
    }

    [Fact]
    public void ModelStages_Null_AreRefused()
    {
        using FakeModel model = FakeModel.Of(static x => x);
        PredictorBuilder<int, int> builder = Predictor.For<int>();
        EncodedBuilder<int, int> encoded = builder.Preprocess(static (_, _) => { });

        Refuses("encoder", () => builder.Preprocess((IInputEncoder<int>)null!));
        Refuses("encode", () => builder.Preprocess((InputEncoding<int>)null!));
        Refuses("model", () => encoded.Run(null!));
        Refuses("decoder", () => encoded.Run(model).Postprocess((IOutputDecoder<int, int>)null!));
        Refuses("decode", () => encoded.Run(model).Postprocess((OutputDecoding<int, int>)null!));
    }

    [Fact]
    public void Stages_EmptyNameOrMessage_AreRefused()
    {
        PredictorBuilder<int, int> builder = Predictor.For<int>();

        builder.Invoking(b => b.Transform(static x => x, "")).Should().Throw<ArgumentException>().WithParameterName("name");
        builder.Invoking(b => b.Validate(static _ => true, "")).Should().Throw<ArgumentException>().WithParameterName("message");
    }

    private static void Refuses(string parameter, Action action) =>
        action.Should().ThrowExactly<ArgumentNullException>().WithParameterName(parameter);

    /// <summary>The stages of a bare pipeline, chains taken apart.</summary>
    private static Type[] StagesOf(object predictor) => [.. Unchain(FieldsOf(predictor).Single(IsStage))];

    private static IEnumerable<Type> Unchain(object stage)
    {
        IEnumerable<Type> inside = FieldsOf(stage).Where(IsStage).SelectMany(Unchain);
        return stage.GetType().GetGenericTypeDefinition() == typeof(StageChain<,,>) ? inside : inside.Prepend(stage.GetType());
    }

    private static IEnumerable<object> FieldsOf(object instance) => instance.GetType()
        .GetFields(BindingFlags.Instance | BindingFlags.NonPublic)
        .OrderBy(static f => f.MetadataToken)
        .Select(f => f.GetValue(instance)!);

    private static bool IsStage(object value) => Array.Exists(
        value.GetType().GetInterfaces(), static i => i.IsGenericType && i.GetGenericTypeDefinition() == typeof(IInnerStage<,>));
}
