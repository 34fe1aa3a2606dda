using RealtimeInference.Core.Tests.Testing;

namespace RealtimeInference.Core.Tests.Onnx;

public sealed class LoadFaultTests
{
    [Fact]
    public void Load_MissingFile_SaysWhere()
    {
        ModelLoadException exception = Fail(() => OnnxModel.Load("nowhere/fraud.onnx"));

        exception.ModelName.Should().Be("fraud");
        exception.Path.Should().Be("nowhere/fraud.onnx");
        exception.Message.Should().ContainAll(Path.GetFullPath("nowhere/fraud.onnx"), "no such file", Environment.CurrentDirectory);
    }

    [Fact]
    public void Load_Folder_SaysSo() => Fail(() => OnnxModel.Load(TestModels.Path(""))).Message.Should().Contain("it is a folder");

    [Fact]
    public void Load_TruncatedOrRandomBytes_IsRefused()
    {
        byte[] whole = File.ReadAllBytes(TestModels.SamplePath("german-credit/model.onnx"));
        var random = new Random(5);
        for (int i = 0; i < 40; i++)
        {
            byte[] noise = new byte[random.Next(1, 5000)];
            random.NextBytes(noise);
            Fail(() => OnnxModel.Load(noise));
            Fail(() => OnnxModel.Load(whole.AsMemory(0, whole.Length * i / 41)));
        }

        Fail(() => OnnxModel.Load(new byte[] { 1, 2, 3 })).Message.Should().ContainAll("3 bytes in memory", "damaged");

        // Eighty failures later a whole one still loads.
        OnnxModel.Load(whole).Dispose();
    }

    [Theory]
    [InlineData("custom_domain", "com.example.missing", "CustomOperatorLibraries")]
    [InlineData("complex_input", "complex64", "cannot be loaded")]
    [InlineData("sequence_of_tensors", "sequence of tensor", "Export the model with tensors")]
    public void Load_WhatIsNotSupported_SaysWhatAndHowToGoOn(string name, string what, string fix) =>
        Fail(() => TestModels.Load($"{name}.onnx")).Message.Should().ContainAll(name, what, fix);

    [Fact]
    public void Load_WeightsNotFound_SaysWhereTheyBelong()
    {
        byte[] bytes = File.ReadAllBytes(TestModels.Path("external_data.onnx"));
        Fail(() => OnnxModel.Load(bytes)).Message.Should().ContainAll("external_data.bin", "ExternalDataFolder");
    }

    [Fact]
    public void Load_BatchesThatTheModelCannotTake_IsRefused()
    {
        Fail(() => TestModels.Load("static_shape.onnx", static o => o.BatchDimension = BatchDimension.First))
            .Message.Should().ContainAll("first dimension", "x: float [2, 3]", "BatchDimension.Auto");
    }

    private static ModelLoadException Fail(Func<OnnxModel> load) => load.Should().Throw<ModelLoadException>().Which;
}
