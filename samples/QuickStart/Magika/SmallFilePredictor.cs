using System.Text.Unicode;
using RealtimeInference;

namespace QuickStart;

/// <summary>A decorator that answers small files by rules and leaves the others to the predictor inside.</summary>
/// <remarks>Leading whitespace does not count, so a long file of nothing but blanks is small, too.</remarks>
public sealed class SmallFilePredictor(IPredictor<FileSample, FileType> inner, MagikaConfig config, ContentTypes contentTypes)
    : DelegatingPredictor<FileSample, FileType>(inner)
{
    /// <summary>The name under which the rules are timed.</summary>
    public const string StageName = "small file";

    public override ValueTask<FileType> PredictAsync(FileSample input, PredictionContext context, CancellationToken cancellationToken)
    {
        if (Whitespace.TrimStart(input.Head.Span).Length >= config.MinFileSizeForDl)
        {
            return base.PredictAsync(input, context, cancellationToken);
        }

        ContentType type = input.Length == 0
            ? contentTypes.Empty
            : contentTypes.Generic(isText: Utf8.IsValid(input.Head.Span));
        context.EndStage(StageName);
        return ValueTask.FromResult(new FileType(type, Confidence: 1, ModelLabel: null));
    }
}
