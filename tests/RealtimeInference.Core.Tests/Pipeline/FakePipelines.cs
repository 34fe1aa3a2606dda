using RealtimeInference.Core.Tests.Fakes;

namespace RealtimeInference.Core.Tests.Pipeline;

/// <summary>The shortest way to a fake model within a pipeline.</summary>
internal static class FakePipelines
{
    public static PredictorBuilder<TIn, float> Model<TIn>(this PredictorBuilder<TIn, float> builder, FakeModel model) => builder
        .Preprocess(static (x, tensors) => tensors.Get<float>("x")[0] = x)
        .Run(model)
        .Postprocess(static (_, tensors) => tensors.Get<float>("y")[0]);
}
