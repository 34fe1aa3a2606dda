using RealtimeInference.Core.Tests.Fakes;
using RealtimeInference.Core.Tests.Pipeline;

namespace RealtimeInference.Core.Tests.Caching;

/// <summary>A new version of a model never answers with what an old one has predicted.</summary>
public sealed class ModelVersionTests
{
    public static TheoryData<bool> Forms => [false, true];

    [Theory]
    [MemberData(nameof(Forms))]
    public async Task Predict_VersionChanges_RunsAgainAndFindsTheOldOneAfterARollback(bool byTensors)
    {
        using FakeModel model = CachePipelines.Doubler();
        IPredictor<float, float> predictor = byTensors ? model.TensorCached() : model.Cached();
        foreach ((string version, int runs) in new[] { ("1", 1), ("1", 1), ("2", 2), ("2", 2), ("1", 2), ("3", 3) })
        {
            // Not the same object each time, as versions read from a file would not be.
            model.Version = new string(version);
            using PredictionContext context = PredictionContext.Rent();
            await predictor.PredictAsync(1, context, CancellationToken.None);
            context.ModelVersion.Should().Be(version);
            model.Runs.Should().Be(runs);
        }
    }

    [Theory]
    [MemberData(nameof(Forms))]
    public async Task Predict_SwappedDuringTheRun_IsStoredUnderTheVersionThatRan(bool byTensors)
    {
        using FakeModel model = CachePipelines.Doubler();
        (model.Version, model.Gate) = ("1", new TaskCompletionSource());
        IPredictor<float, float> predictor = byTensors ? model.TensorCached() : model.Cached();

        Task<float> running = predictor.PredictAsync(1).AsTask();
        model.Version = "2";
        model.Gate.SetResult();
        await running;

        await predictor.PredictAsync(1);
        model.Runs.Should().Be(2, "version 2 has not run this yet");
        model.Version = "1";
        await predictor.PredictAsync(1);
        model.Runs.Should().Be(2, "version 1 has");
    }

    [Fact]
    public async Task Predict_OneOfTwoModelsChanges_RunsAgain()
    {
        using FakeModel first = CachePipelines.Doubler();
        using FakeModel second = CachePipelines.Doubler();
        (first.Version, second.Version) = ("1", "1");
        IPredictor<float, float> predictor = Predictor.For<float>().Model(first).Model(second).Cache(static x => x).Build();

        await predictor.PredictAsync(1);
        first.Version = "2";
        (await predictor.PredictAsync(1)).Should().Be(4);
        second.Version = "2";
        await predictor.PredictAsync(1);
        await predictor.PredictAsync(1);

        (first.Runs, second.Runs).Should().Be((3, 3));
        predictor.GetService(typeof(IReadOnlyList<IModel>)).Should().BeEquivalentTo(new[] { first, second }, static o => o.WithStrictOrdering());
    }

    [Fact]
    public async Task Predict_FirstOfTwoModelsSwappedDuringTheRun_IsNotStored()
    {
        using FakeModel first = CachePipelines.Doubler();
        using FakeModel second = CachePipelines.Doubler();
        (first.Version, second.Version, second.Gate) = ("1", "1", new TaskCompletionSource());
        IPredictor<float, float> predictor = Predictor.For<float>().Model(first).Model(second).Cache(static x => x).Build();

        Task<float> running = predictor.PredictAsync(1).AsTask();
        first.Version = "2";
        second.Gate.SetResult();
        await running;

        CachePipelines.StatisticsOf(predictor).NotStored.Should().Be(1, "which version of the first model ran is not known");
        first.Version = "1";
        await predictor.PredictAsync(1);
        first.Runs.Should().Be(2);
    }
}
