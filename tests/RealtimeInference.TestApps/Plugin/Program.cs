using RealtimeInference;

// Arguments: a plug-in library, its index of a device, how much fallback, a model.
try
{
    using OnnxModel model = OnnxModel.Load(args[3], new OnnxModelOptions
    {
        ExecutionProviders = [ExecutionProvider.Plugin(o => (o.LibraryPath, o.DeviceIndex) = (args[0], int.Parse(args[1], System.Globalization.CultureInfo.InvariantCulture)))],
        Fallback = Enum.Parse<ProviderFallback>(args[2]),
    });
    Console.WriteLine($"nodes: {string.Join(", ", model.Providers.NodesByProvider.OrderBy(n => n.Key).Select(n => $"{n.Key} {n.Value}"))}");
    if (model.Signature.Inputs[0].Name == "x")
    {
        // A second model, and a second run: the library is registered once, the binding is used again.
        using OnnxModel again = OnnxModel.Load(args[3], new OnnxModelOptions
        {
            ExecutionProviders = [ExecutionProvider.Plugin(o => o.LibraryPath = args[0])],
        });
        foreach (OnnxModel each in new[] { model, again, model })
        {
            using ModelRunner runner = each.Rent();
            runner.GetInputs().Set<float>("x", [-1, 2, -3, 4], 4);
            await runner.RunAsync();
            Console.WriteLine(string.Join(' ', runner.GetOutputs().Get<float>("y").ToArray()));
        }
    }
}
catch (Exception exception)
{
    Console.WriteLine($"{exception.GetType().Name}: {exception.Message.ReplaceLineEndings(" ")}");
}
