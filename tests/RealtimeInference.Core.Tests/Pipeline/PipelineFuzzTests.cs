namespace RealtimeInference.Core.Tests.Pipeline;

/// <summary>Random pipelines of synchronous, asynchronous and throwing stages do what a plain loop over them does.</summary>
public sealed class PipelineFuzzTests
{
    private enum Kind
    {
        Synchronous,
        Completed,
        Asynchronous,
        Throwing,
        ThrowingAsynchronously,
        Refusing,
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task PredictAsync_RandomStages_AgreesWithAPlainLoop(int seed)
    {
        var random = new Random(seed);
        int failures = 0;
        for (int round = 0; round < 300; round++)
        {
            // Failing stages are rare, so that most pipelines have a long way.
            Kind[] kinds = [.. Enumerable.Range(0, random.Next(12)).Select(_ => (Kind)(random.Next(10) == 0 ? random.Next(3, 6) : random.Next(3)))];
            IPredictor<long, long> predictor = Build(kinds);
            long input = random.Next();
            using PredictionContext context = PredictionContext.Rent();

            (long expected, int ended, Type? error) = Follow(kinds, input);
            Func<Task<long>> predict = () => predictor.PredictAsync(input, context, CancellationToken.None).AsTask();

            if (error is null)
            {
                (await predict()).Should().Be(expected);
            }
            else
            {
                failures++;
                (await predict.Should().ThrowAsync<Exception>()).Which.Should().BeOfType(error);
            }

            context.Timings.Length.Should().Be(ended);
        }

        failures.Should().BeInRange(20, 280, "both outcomes must have been met");
    }

    private static IPredictor<long, long> Build(Kind[] kinds)
    {
        PredictorBuilder<long, long> builder = Predictor.For<long>();
        for (int i = 0; i < kinds.Length; i++)
        {
            int index = i;
            builder = kinds[i] switch
            {
                Kind.Synchronous => builder.Transform(x => Step(x, index)),
                Kind.Completed => builder.TransformAsync((x, _, _) => ValueTask.FromResult(Step(x, index))),
                Kind.Asynchronous => builder.TransformAsync(async (x, _, _) =>
                {
                    await Task.Yield();
                    return Step(x, index);
                }),
                Kind.Throwing => builder.Transform<long>(static _ => throw new FormatException()),
                Kind.ThrowingAsynchronously => builder.TransformAsync<long>(static async (_, _, _) =>
                {
                    await Task.Yield();
                    throw new TimeoutException();
                }),
                _ => builder.Validate(static _ => false, "never valid").Transform(static x => x),
            };
        }

        return builder.Build();
    }

    private static (long Output, int Ended, Type? Error) Follow(Kind[] kinds, long input)
    {
        long value = input;
        for (int i = 0; i < kinds.Length; i++)
        {
            switch (kinds[i])
            {
                case Kind.Throwing:
                    return (0, i, typeof(FormatException));
                case Kind.ThrowingAsynchronously:
                    return (0, i, typeof(TimeoutException));
                case Kind.Refusing:
                    // Checking ends as a stage, with what it found.
                    return (0, i + 1, typeof(InputValidationException));
                default:
                    value = Step(value, i);
                    break;
            }
        }

        return (value, kinds.Length, null);
    }

    private static long Step(long value, int index) => unchecked((value * 31) + index);
}
