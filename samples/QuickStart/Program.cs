using QuickStart;
using RealtimeInference;

CommandLine commandLine = CommandLine.Parse(args);
if (commandLine.WantsHelp)
{
    Console.WriteLine(CommandLine.Usage);
    return ExitCodes.Success;
}

if (commandLine.UnknownOption is { } option)
{
    Console.Error.WriteLine($"Unknown option '{option}'.");
    Console.Error.WriteLine(CommandLine.Usage);
    return ExitCodes.WrongUsage;
}

// The model is loaded once and serves every file; the predictor only borrows it.
MagikaFiles magika = MagikaFiles.Load(Path.Combine(AppContext.BaseDirectory, "magika"));
using OnnxModel model = magika.LoadModel();
IPredictor<FileSample, FileType> predictor = MagikaPredictor.Create(model, magika.Config, magika.ContentTypes);

var stages = new StageTimes();
IReport report = commandLine.WantsJson ? new JsonReport(Console.Out) : new TableReport(Console.Out, stages);
int exitCode = ExitCodes.Success;
foreach (InputFile file in InputFile.Find(commandLine.Paths, magika.SamplesFolder))
{
    Detection detection = await DetectAsync(file);
    report.Add(detection);
    if (detection.Error is not null)
    {
        exitCode = ExitCodes.SomeFailed;
    }
}

report.Finish();
return exitCode;

async Task<Detection> DetectAsync(InputFile file)
{
    // Our own context, because we want to read the timings. Without that wish, PredictAsync(sample) is all it takes.
    using PredictionContext context = PredictionContext.Rent();
    try
    {
        FileSample sample = file.ReadSample(magika.Config.BlockSize);
        context.EndStage("read");
        FileType type = await predictor.PredictAsync(sample, context, CancellationToken.None);
        return new Detection(file.Name, type, stages.Add(context.Timings), Error: null);
    }
    catch (Exception exception)
        when (exception is IOException or UnauthorizedAccessException or ArgumentException or PredictionException)
    {
        // One bad file is no reason to leave the others undone.
        return new Detection(file.Name, Type: null, TimeSpan.Zero, exception.Message);
    }
}
