using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace RealtimeInference.Core.Tests.DependencyInjection;

public sealed class HostTests
{
    [Fact]
    public async Task StartAsync_ModelFromConfiguration_PredictsAndReportsItsVersion()
    {
        using IHost host = CreateHost(
            new() { ["Models:fraud:Path"] = "models/mlp_30_64_32_1.onnx", ["Models:fraud:Version"] = "42" },
            builder => builder.AddModel("fraud").AddPredictor("fraud", BuildScore));
        await host.StartAsync();

        IPredictor<float[], float> predictor = host.Services.GetRequiredService<IPredictor<float[], float>>();
        using PredictionContext context = PredictionContext.Rent();
        float score = await predictor.PredictAsync(new float[30], context, CancellationToken.None);

        score.Should().BeInRange(0, 1);
        context.ModelName.Should().Be("fraud");
        context.ModelVersion.Should().Be("42");
        host.Services.GetRequiredKeyedService<IPredictor<float[], float>>("fraud").Should().BeSameAs(predictor);
        host.Services.GetRequiredService<IModel>().Should().BeSameAs(host.Services.GetModel("fraud"));
        host.Services.GetRequiredKeyedService<OnnxModel>("fraud").Should().BeSameAs(host.Services.GetRequiredKeyedService<IModel>("fraud"));
        await host.StopAsync();
    }

    [Fact]
    public async Task StartAsync_ModelsAndPredictors_AreReadyBeforeOtherServicesStart()
    {
        var built = new List<string>();
        List<string>? builtWhenServing = null;
        HostApplicationBuilder app = Host.CreateApplicationBuilder(new HostApplicationBuilderSettings { ContentRootPath = AppContext.BaseDirectory });

        // Registered first, as a server is by the web host's defaults.
        app.Services.AddSingleton<IHostedService>(new Server(() => builtWhenServing = [.. built]));
        app.Services.AddRealtimeInference()
            .AddModel("fraud", "models/mlp_30_64_32_1.onnx")
            .AddPredictor("fraud", services =>
            {
                built.Add("fraud");
                return BuildScore(services);
            });
        using IHost host = app.Build();
        await host.StartAsync();

        builtWhenServing.Should().Equal("fraud");
        await host.StopAsync();
    }

    [Fact]
    public async Task StartAsync_ManyFaults_ReportsAllInOneMessage()
    {
        using IHost host = CreateHost(
            new()
            {
                ["Models:a:Path"] = "models/none.onnx",
                ["Models:a:IntraOpThreads"] = "many",
                ["Models:a:Fallback"] = "maybe",
                ["Models:b:MaxIdleRunners"] = "0",
                ["Models:b:Treads"] = "1",
                ["Models:b:UseMemoryArena"] = "yes",
                ["Models:b:ExecutionProviders:0:Options:x"] = "1",
                ["Models:c:Path"] = "models/mlp_30_64_32_1.onnx",
                ["Models:c:ExecutionProviders:0:Name"] = "Cuda",
                ["Models:c:ExecutionProviders:0:Options:device_id"] = "gpu0",
            },
            builder => builder.AddModel("a").AddModel("b").AddModel("c"));

        OptionsValidationException exception = (await host.Invoking(h => h.StartAsync()).Should().ThrowAsync<OptionsValidationException>()).Which;

        exception.Failures.Should().HaveCount(9);
        exception.Message.Should().ContainAll(
            "there is no file", "none.onnx", "Models:a:IntraOpThreads is 'many'", "Models:a:Fallback is 'maybe': one of None, NodesToCpu, NextProvider",
            "'b' has no path", "MaxIdleRunners is 0", "Models:b:Treads is no setting", "Models:b:UseMemoryArena is 'yes'", "ExecutionProviders:0:Name is missing",
            "device_id is 'gpu0'");
    }

    [Fact]
    public async Task StartAsync_EncoderThatDoesNotFit_FailsTheStart()
    {
        using IHost host = CreateHost(
            [],
            builder => builder.AddModel("fraud", "models/mlp_30_64_32_1.onnx").AddPredictor("fraud", services => Predictor.For<float[]>()
                .Preprocess(new Misfit())
                .Run(services.GetModel("fraud"))
                .Postprocess((_, outputs) => outputs.Get<float>("score")[0])
                .Build()));

        (await host.Invoking(h => h.StartAsync()).Should().ThrowAsync<TensorMismatchException>())
            .Which.TensorName.Should().Be("pixels");
    }

    [Fact]
    public async Task StartAsync_TwoDamagedModels_ReportsBoth()
    {
        using IHost host = CreateHost(
            [], builder => builder.AddModel("a", "models/custom_domain.onnx").AddModel("b", "models/complex_input.onnx"));

        AggregateException exception = (await host.Invoking(h => h.StartAsync()).Should().ThrowAsync<AggregateException>()).Which;

        exception.InnerExceptions.Should().HaveCount(2).And.AllBeOfType<ModelLoadException>();
    }

    [Fact]
    public async Task Dispose_Host_DisposesItsModels()
    {
        IHost host = CreateHost([], builder => builder.AddModel("fraud", "models/mlp_30_64_32_1.onnx").AddPredictor("fraud", BuildScore));
        await host.StartAsync();
        IModel model = host.Services.GetModel("fraud");
        IPredictor<float[], float> predictor = host.Services.GetRequiredService<IPredictor<float[], float>>();
        host.Dispose();

        model.Invoking(m => m.Rent()).Should().Throw<ObjectDisposedException>();
        await predictor.Awaiting(p => p.PredictAsync(new float[30]).AsTask()).Should().ThrowAsync<ObjectDisposedException>();
    }

    [Fact]
    public void Resolve_WithoutHost_LoadsOnFirstUseAndDisposesWithTheContainer()
    {
        var services = new ServiceCollection();
        services.AddRealtimeInference().AddModel("fraud", "models/mlp_30_64_32_1.onnx", o => o.Version = "1");
        IModel model;
        using (ServiceProvider provider = services.BuildServiceProvider())
        {
            model = provider.GetRequiredKeyedService<IModel>("fraud");
            model.Version.Should().Be("1");
            provider.GetRequiredKeyedService<IModel>("fraud").Should().BeSameAs(model);
        }

        model.Invoking(m => m.Rent()).Should().Throw<ObjectDisposedException>();
    }

    [Fact]
    public async Task Resolve_SeveralModelsAndPredictorsOfOneType_NeedsTheirNames()
    {
        using IHost host = CreateHost(
            [],
            builder => builder
                .AddModel("a", "models/mlp_30_64_32_1.onnx")
                .AddModel("b", "models/mlp_30_64_32_1.onnx")
                .AddPredictor("a", services => BuildScore(services, "a"))
                .AddPredictor("b", services => BuildScore(services, "b"))
                .AddPredictor("words", _ => Predictor.For<string>().Transform(text => text.Split(' ').Length).Build()));
        await host.StartAsync();
        IServiceProvider services = host.Services;

        services.Invoking(s => s.GetRequiredService<IPredictor<float[], float>>()).Should().Throw<InvalidOperationException>().WithMessage("*'a', 'b'*");
        services.Invoking(s => s.GetRequiredService<IModel>()).Should().Throw<InvalidOperationException>().WithMessage("*'a', 'b'*");
        services.Invoking(s => s.GetModel("c")).Should().Throw<InvalidOperationException>().WithMessage("*no model named 'c'*'a', 'b'*");
        IPredictor<float[], float> a = services.GetRequiredKeyedService<IPredictor<float[], float>>("a");
        a.GetService(typeof(IModel)).Should().BeSameAs(services.GetModel("a"));
        (await services.GetRequiredService<IPredictor<string, int>>().PredictAsync("two words")).Should().Be(2);
        await host.StopAsync();
    }

    [Fact]
    public async Task AddStreamingPredictor_Resolved_Streams()
    {
        using IHost host = CreateHost([], builder => builder.AddStreamingPredictor("count", _ => Predictor.For<int>().Stream((n, _, _) => CountAsync(n)).Build()));
        await host.StartAsync();

        List<int> parts = [];
        await foreach (int part in host.Services.GetRequiredService<IStreamingPredictor<int, int>>().PredictStreamingAsync(3))
        {
            parts.Add(part);
        }

        parts.Should().Equal(0, 1, 2);
        await host.StopAsync();

        static async IAsyncEnumerable<int> CountAsync(int n)
        {
            for (int i = 0; i < n; i++)
            {
                await Task.Yield();
                yield return i;
            }
        }
    }

    [Fact]
    public void Add_NameTwice_IsRefused()
    {
        IRealtimeInferenceBuilder builder = new ServiceCollection().AddRealtimeInference()
            .AddModel("fraud", "a.onnx").AddPredictor("fraud", BuildScore);

        builder.Invoking(b => b.AddModel("fraud", "b.onnx")).Should().Throw<ArgumentException>().WithMessage("*already a model named 'fraud'*");
        builder.Invoking(b => b.AddPredictor("fraud", BuildScore)).Should().Throw<ArgumentException>().WithMessage("*already a predictor*'fraud'*");
        builder.Invoking(b => b.AddPredictor("fraud", _ => Predictor.For<int>().Build())).Should().NotThrow("its types are others");
    }

    [Fact]
    public async Task StartAsync_SettingsOfEveryKind_AreApplied()
    {
        OnnxModelOptions? seen = null;
        using IHost host = CreateHost(
            new()
            {
                ["Models:m:Path"] = "models/free_dims.onnx",
                ["Models:m:ExecutionProviders:0:Name"] = "Cuda",
                ["Models:m:ExecutionProviders:0:Options:device_id"] = "3",
                ["Models:m:ExecutionProviders:1"] = "cpu",
                ["Models:m:Fallback"] = "NextProvider",
                ["Models:m:IntraOpThreads"] = "1",
                ["Models:m:InterOpThreads"] = "2",
                ["Models:m:RunOperatorsInParallel"] = "true",
                ["Models:m:AllowSpinning"] = "false",
                ["Models:m:GraphOptimization"] = "basic",
                ["Models:m:UseMemoryArena"] = "false",
                ["Models:m:UseMemoryPattern"] = "false",
                ["Models:m:FreeDimensionOverrides:cols"] = "5",
                ["Models:m:SessionConfiguration:session.set_denormal_as_zero"] = "1",
                ["Models:m:BatchDimension"] = "First",
                ["Models:m:WarmUpRuns"] = "2",
                ["Models:m:WarmUpShapes:x:0"] = "5",
                ["Models:m:MaxIdleRunners"] = "3",
            },
            builder => builder.AddModel("m", configure: options => seen = options));
        await host.StartAsync();

        seen!.Name.Should().Be("m");
        seen.Fallback.Should().Be(ProviderFallback.NextProvider);
        seen.IntraOpThreads.Should().Be(1);
        seen.InterOpThreads.Should().Be(2);
        seen.RunOperatorsInParallel.Should().BeTrue();
        seen.AllowSpinning.Should().BeFalse();
        seen.GraphOptimization.Should().Be(GraphOptimization.Basic);
        seen.UseMemoryArena.Should().BeFalse();
        seen.UseMemoryPattern.Should().BeFalse();
        seen.FreeDimensionOverrides.Should().Equal(new Dictionary<string, long> { ["cols"] = 5 });
        seen.SessionConfiguration.Should().ContainKey("session.set_denormal_as_zero");
        seen.BatchDimension.Should().Be(BatchDimension.First);
        seen.WarmUpRuns.Should().Be(2);
        seen.WarmUpShapes["x"].Should().Equal(5);
        seen.MaxIdleRunners.Should().Be(3);
        var model = (OnnxModel)host.Services.GetModel("m");
        model.Providers.Requested.Should().Equal("CUDA", "CPU");
        model.Providers.Rejected.Should().ContainSingle(r => r.Name == "CUDA");
        model.Signature.Inputs[0].Dimensions[1].Length.Should().Be(5);
        await host.StopAsync();
    }

    [Fact]
    public async Task StartAsync_Cancelled_StopsLoading()
    {
        using IHost host = CreateHost([], builder => builder.AddModel("fraud", "models/mlp_30_64_32_1.onnx"));

        await host.Invoking(h => h.StartAsync(new CancellationToken(canceled: true))).Should().ThrowAsync<OperationCanceledException>();
    }

    private static IHost CreateHost(Dictionary<string, string?> settings, Action<IRealtimeInferenceBuilder> add)
    {
        HostApplicationBuilder app = Host.CreateApplicationBuilder(new HostApplicationBuilderSettings { ContentRootPath = AppContext.BaseDirectory });
        app.Logging.ClearProviders();
        app.Configuration.AddInMemoryCollection(settings.ToDictionary(static s => $"RealtimeInference:{s.Key}", static s => s.Value));
        add(app.Services.AddRealtimeInference());
        return app.Build();
    }

    private static IPredictor<float[], float> BuildScore(IServiceProvider services) => BuildScore(services, "fraud");

    private static IPredictor<float[], float> BuildScore(IServiceProvider services, string model) => Predictor.For<float[]>()
        .Preprocess((features, inputs) => inputs.Set<float>("features", features))
        .Run(services.GetModel(model))
        .Postprocess((_, outputs) => outputs.Get<float>("score")[0])
        .Build();

    private sealed class Misfit : IInputEncoder<float[]>
    {
        public void CheckSignature(ModelSignature signature) => _ = signature.GetInput("pixels");

        public void Encode(float[] input, InputTensors tensors) => tensors.Set<float>("pixels", input);
    }

    private sealed class Server(Action onStart) : IHostedService
    {
        public Task StartAsync(CancellationToken cancellationToken)
        {
            onStart();
            return Task.CompletedTask;
        }

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
