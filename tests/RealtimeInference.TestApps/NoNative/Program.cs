using RealtimeInference;

// Twice: the second error must be as clear as the first.
for (int i = 0; i < 2; i++)
{
    try
    {
        OnnxModel.Load(args[0]).Dispose();
        Console.WriteLine("loaded");
    }
    catch (Exception exception)
    {
        Console.WriteLine($"{exception.GetType().Name}: {exception.Message.ReplaceLineEndings(" ")}");
    }
}
