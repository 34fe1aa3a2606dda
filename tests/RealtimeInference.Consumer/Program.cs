using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using RealtimeInference;

// What an app does with the packages, end to end; fails loudly if any of it is wrong.
HostApplicationBuilder builder = Host.CreateApplicationBuilder(new HostApplicationBuilderSettings
{
    ContentRootPath = AppContext.BaseDirectory,
});
builder.Configuration["RealtimeInference:Models:score:Path"] = "mlp_30_64_32_1.onnx";
builder.Configuration["RealtimeInference:Models:score:IntraOpThreads"] = "1";
builder.Logging.SetMinimumLevel(LogLevel.Warning);
builder.Services.AddRealtimeInference()
    .AddModel("score")
    .AddModel("classes", "sequence_map_string.onnx")
    .AddModel("lengths", "variable_length.onnx")
    .AddPredictor<float[], float>("score", services => Predictor.For<float[]>()
        .Validate(x => x.Length == 30, "needs 30 numbers")
        .Preprocess((x, inputs) => inputs.Set<float>("features", x))
        .Run(services.GetModel("score"))
        .Postprocess((_, outputs) => outputs.Get<float>("score")[0])
        .Build())
    .AddPredictor<float[], string>("classes", services => Predictor.For<float[]>()
        .Preprocess((x, inputs) => inputs.Set<float>("x", x))
        .Run(services.GetModel("classes"))
        .Postprocess((_, outputs) => outputs.GetMap<string, float>("probabilities").MaxBy(p => p.Value).Key)
        .Build())
    .AddPredictor<long[], float>("lengths", services => Predictor.For<long[]>()
        .Preprocess((ids, inputs) =>
        {
            inputs.Set<long>("input_ids", ids, ids.Length);
            inputs.Get<long>("attention_mask", ids.Length).Fill(1);
        })
        .Run(services.GetModel("lengths"))
        .Postprocess((_, outputs) => outputs.Get<float>("embedding")[0])
        .Build());

using IHost host = builder.Build();
await host.StartAsync();

IPredictor<float[], float> predictor = host.Services.GetRequiredService<IPredictor<float[], float>>();
float score = await predictor.PredictAsync(new float[30]);
Check(score is > 0 and < 1, $"the score is {score}");

string label = await host.Services.GetRequiredKeyedService<IPredictor<float[], string>>("classes").PredictAsync([1, 2, 3, 4]);
Check(label.Length > 0, "a class has a name");

IPredictor<long[], float> lengths = host.Services.GetRequiredService<IPredictor<long[], float>>();
float shorter = await lengths.PredictAsync([1, 2]);
float longer = await lengths.PredictAsync([1, 2, 3, 4, 5, 6, 7, 8, 9]);
Check(float.IsFinite(shorter) && shorter != longer, "lengths differ");

try
{
    await predictor.PredictAsync(new float[3]);
    Check(false, "a fault is refused");
}
catch (InputValidationException exception)
{
    Check(exception.Faults.Count == 1, "the fault is reported");
}

await Credit.CheckAsync();

var model = (OnnxModel)host.Services.GetModel("score");
Check(model.Providers.NodesByProvider["CPUExecutionProvider"] > 0, "the report counts nodes");
await host.StopAsync();
Console.WriteLine($"consumer ok: score {score:0.0000}, class {label}, {model.Providers}");

static void Check(bool condition, string what)
{
    if (!condition)
    {
        throw new InvalidOperationException($"The consumer app found a fault: {what}.");
    }
}
