namespace RealtimeInference.Core.Tests.Pipeline;

/// <summary>A pipeline without stages has none, not one that does nothing.</summary>
public sealed class EmptyPipelineTests
{
    [Fact]
    public async Task PredictAsync_NoStages_AnswersAndTimesNothing()
    {
        using PredictionContext context = PredictionContext.Rent();

        (await Predictor.For<int>().Build().PredictAsync(7, context, CancellationToken.None)).Should().Be(7);

        context.Timings.Length.Should().Be(0);
    }

    [Fact]
    public void PredictAsync_CancelledBeforeAnyStage_IsCancelled() =>
        Predictor.For<int>().Build().PredictAsync(7, new CancellationToken(canceled: true)).AsTask().IsCanceled.Should().BeTrue();

    [Fact]
    public async Task PredictStreamingAsync_NoStagesBefore_TimesTheStreamOnly()
    {
        using PredictionContext context = PredictionContext.Rent();
        await foreach (int _ in Predictor.For<int>().Stream((n, _, _) => CountAsync(n)).Build()
            .PredictStreamingAsync(3, context, CancellationToken.None))
        {
        }

        context.Timings.ToArray().Select(static t => t.Stage).Should().Equal(StageNames.Stream);

        static async IAsyncEnumerable<int> CountAsync(int n)
        {
            for (int i = 0; i < n; i++)
            {
                await Task.Yield();
                yield return i;
            }
        }
    }
}
