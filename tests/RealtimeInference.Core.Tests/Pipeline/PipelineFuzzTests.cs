using RealtimeInference.Core.Tests.Fakes;

namespace RealtimeInference.Core.Tests.Pipeline;

/// <summary>Any sequence of stages does what a plain loop over them does.</summary>
public sealed class PipelineFuzzTests
{
    private enum Step
    {
        Validate,
        Transform,
        AsyncAtOnce,
        AsyncLater,
        Model,
        WaitingModel,
    }

    public static TheoryData<int> Seeds => [.. Enumerable.Range(1, 40)];

    [Theory]
    [MemberData(nameof(Seeds))]
    public async Task Predict_RandomStages_DoesWhatAPlainLoopDoes(int seed)
    {
        var random = new Random(seed);
        (Step Step, int Operand, int FailsAt)[] steps =
        [
            .. Enumerable.Range(0, random.Next(0, 13)).Select(_ =>
                ((Step)random.Next(6), random.Next(1, 9), random.Next(4) == 0 ? random.Next(7) : -1)),
        ];
        using FakeModel model = FakeModel.Of(Apply);
        using FakeModel waiting = FakeModel.Of(Apply);
        IPredictor<float, float> predictor = BuildPredictor(steps, model, waiting);

        for (int prediction = 0; prediction < 30; prediction++)
        {
            float input = random.Next(50);
            waiting.Gate = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            using var context = PredictionContext.Rent();
            ValueTask<float> task = prediction % 2 == 0
                ? predictor.PredictAsync(input)
                : predictor.PredictAsync(input, context, CancellationToken.None);
            waiting.Gate.SetResult();

            (await OutcomeOf(task)).Should().Be(Expected(steps, input), "of stages {0} for input {1}", string.Join(", ", steps), input);
            (model.Returned, waiting.Returned).Should().Be((model.Rented, waiting.Rented));
        }
    }

    [Fact]
    public async Task Predict_RandomStagesFromManyThreads_KeepsPredictionsApart()
    {
        var random = new Random(4711);
        for (int round = 0; round < 10; round++)
        {
            (Step Step, int Operand, int FailsAt)[] steps =
            [
                .. Enumerable.Range(0, 8).Select(_ => ((Step)random.Next(5), random.Next(1, 9), random.Next(3) == 0 ? random.Next(7) : -1)),
            ];
            using FakeModel model = FakeModel.Of(Apply);
            IPredictor<float, float> predictor = BuildPredictor(steps, model, model);

            string[] outcomes = await Task.WhenAll(Enumerable.Range(0, 200).Select(
                input => Task.Run(async () => await OutcomeOf(predictor.PredictAsync(input)))));

            outcomes.Should().Equal(Enumerable.Range(0, 200).Select(input => Expected(steps, input)));
            model.Returned.Should().Be(model.Rented);
        }
    }

    // Small numbers, so that floats are exact and the failing remainders come up.
    private static float Apply(float value) => ((value * 3) + 1) % 50;

    private static float Apply(float value, int operand) => ((value * operand) + operand) % 50;

    private static bool Fails(float value, int failsAt) => value % 7 == failsAt;

    private static string Expected((Step Step, int Operand, int FailsAt)[] steps, float value)
    {
        for (int i = 0; i < steps.Length; i++)
        {
            (Step step, int operand, int failsAt) = steps[i];
            if (step == Step.Validate)
            {
                // Neighbouring validations speak together.
                List<string> faults = [];
                int end = i;
                for (; end < steps.Length && steps[end].Step == Step.Validate; end++)
                {
                    if (Fails(value, steps[end].FailsAt))
                    {
                        faults.Add($"step {end}");
                    }
                }

                if (faults.Count > 0)
                {
                    return "refused: " + string.Join(", ", faults);
                }

                i = end - 1;
            }
            else if (Fails(value, failsAt))
            {
                return $"thrown: step {i}";
            }
            else
            {
                value = step is Step.Model or Step.WaitingModel ? Apply(value) : Apply(value, operand);
            }
        }

        return FormattableString.Invariant($"{value}");
    }

    private static async Task<string> OutcomeOf(ValueTask<float> task)
    {
        try
        {
            return FormattableString.Invariant($"{await task}");
        }
        catch (InputValidationException refused)
        {
            return "refused: " + string.Join(", ", refused.Faults.Select(static f => f.Path));
        }
        catch (FormatException thrown)
        {
            return "thrown: " + thrown.Message;
        }
    }

    private static IPredictor<float, float> BuildPredictor(
        (Step Step, int Operand, int FailsAt)[] steps, FakeModel model, FakeModel waiting)
    {
        PredictorBuilder<float, float> builder = Predictor.For<float>();
        for (int i = 0; i < steps.Length; i++)
        {
            (Step step, int operand, int failsAt) = steps[i];
            string name = $"step {i}";
            float Check(float x) => Fails(x, failsAt) ? throw new FormatException(name) : x;
            builder = step switch
            {
                Step.Validate => builder.Validate(x => !Fails(x, failsAt), "fails", name),
                Step.Transform => builder.Transform(x => Apply(Check(x), operand), name),
                Step.AsyncAtOnce => builder.TransformAsync((x, _, _) => ValueTask.FromResult(Apply(Check(x), operand)), name),
                Step.AsyncLater => builder.TransformAsync(
                    async (x, _, _) =>
                    {
                        await Task.Yield();
                        return Apply(Check(x), operand);
                    },
                    name),
                _ => builder
                    .Preprocess((x, tensors) => tensors.Get<float>("x")[0] = Check(x))
                    .Run(step == Step.Model ? model : waiting)
                    .Postprocess(static (_, tensors) => tensors.Get<float>("y")[0]),
            };
        }

        return builder.Build();
    }
}
