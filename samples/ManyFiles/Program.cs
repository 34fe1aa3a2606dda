using System.Globalization;
using QuickStart;
using RealtimeInference;

if (args is not ([] or [_] or [_, "--from", _]) || (args.Length == 3 && !long.TryParse(args[2], CultureInfo.InvariantCulture, out _)))
{
    Console.Error.WriteLine("Usage: ManyFiles [FOLDER [--from INDEX]]");
    return 2;
}

MagikaFiles magika = MagikaFiles.Load(Path.Combine(AppContext.BaseDirectory, "magika"));
using OnnxModel model = magika.LoadModel();

// Reading is a stage like the others, so a file that cannot be read fails alone.
IPredictor<InputFile, FileType> predictor = Predictor.For<InputFile>()
    .Transform(file => file.ReadSample(magika.Config.BlockSize), "read")
    .Validate(new CompleteSample(magika.Config))
    .Preprocess(new MagikaEncoder(magika.Config))
    .Run(model)
    .Postprocess(new MagikaDecoder(magika.Config, magika.ContentTypes))
    .Build();

using var stop = new CancellationTokenSource();
Console.CancelKeyPress += (_, e) =>
{
    e.Cancel = true;
    stop.Cancel();
};

long next = 0;
InputFile[] files = [.. InputFile.Find([.. args.Take(1)], magika.SamplesFolder)];
var options = new PredictManyOptions<InputFile, FileType>
{
    StartIndex = args.Length == 3 ? long.Parse(args[2], CultureInfo.InvariantCulture) : 0,
    Progress = new Report(p =>
    {
        next = p.NextIndex;
        Console.Error.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{p.NextIndex} of {p.TotalCount}, {p.ItemsPerSecond:0} per second, {p.TimeLeft?.TotalSeconds ?? 0:0} s left, {p.Failed} failed"));
    }),
};

bool hasFailures = false;
try
{
    await foreach (PredictionResult<InputFile, FileType> result in predictor.PredictManyAsync(files, options, stop.Token))
    {
        hasFailures |= !result.IsSuccess;
        Console.WriteLine($"{result.Input.Name}: {(result.IsSuccess ? result.Value.ContentType.Label : $"error: {result.Error!.Message}")}");
    }
}
catch (OperationCanceledException)
{
    Console.Error.WriteLine($"Stopped. Go on with --from {next}.");
    return 3;
}

return hasFailures ? 1 : 0;

/// <summary>Reports at once, where <see cref="Progress{T}"/> would on some thread later.</summary>
internal sealed class Report(Action<PredictManyProgress> report) : IProgress<PredictManyProgress>
{
    void IProgress<PredictManyProgress>.Report(PredictManyProgress value) => report(value);
}
