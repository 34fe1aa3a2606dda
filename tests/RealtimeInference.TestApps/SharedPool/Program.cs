using RealtimeInference;

// Arguments: what to do, then a model with the input `features` of 30 numbers.
string model = args[1];
var shared = new OnnxModelOptions { UseSharedThreadPool = true };
try
{
    switch (args[0])
    {
        case "configured":
            OnnxEnvironment.Configure(new OnnxEnvironmentOptions { CreateSharedThreadPool = true, SharedIntraOpThreads = 2, SharedInterOpThreads = 1 });
            using (OnnxModel first = OnnxModel.Load(model, shared))
            using (OnnxModel second = OnnxModel.Load(model, shared))
            using (OnnxModel own = OnnxModel.Load(model))
            {
                bool agree = await ScoreAsync(first) == await ScoreAsync(second) && Math.Abs(await ScoreAsync(first) - await ScoreAsync(own)) < 1e-6;
                Console.WriteLine($"agree {agree}, pool {OnnxEnvironment.HasSharedThreadPool}");
            }

            break;
        case "first":
            // The first model asks for the pool, so ONNX Runtime is started with one.
            using (OnnxModel first = OnnxModel.Load(model, shared))
            {
                Console.WriteLine($"score {await ScoreAsync(first) is > 0 and < 1}");
            }

            break;
        case "late":
            OnnxModel.Load(model).Dispose();
            OnnxEnvironment.Configure(new OnnxEnvironmentOptions());
            break;
        case "unconfigured":
            OnnxModel.Load(model).Dispose();
            OnnxModel.Load(model, shared).Dispose();
            break;
    }
}
catch (Exception exception)
{
    Console.WriteLine($"{exception.GetType().Name}: {exception.Message}");
}

static async Task<float> ScoreAsync(OnnxModel model)
{
    using ModelRunner runner = model.Rent();
    runner.GetInputs().Get<float>("features").Fill(1);
    await runner.RunAsync();
    return runner.GetOutputs().Get<float>("score")[0];
}
