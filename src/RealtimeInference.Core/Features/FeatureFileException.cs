namespace RealtimeInference;

/// <summary>A file with features cannot be read. Nothing of it was stored.</summary>
public sealed class FeatureFileException : PredictionException
{
    internal FeatureFileException(string? source, long line, string? column, string expected, string found, Exception? innerException = null)
        : base(
            $"{(source is null ? "Line" : $"'{source}', line")} {line}{(column is null ? "" : $", column '{column}'")}: expected {expected}, found {found}.",
            innerException)
    {
        File = source;
        Line = line;
        Column = column;
        Expected = expected;
        Found = found;
    }

    /// <summary>Gets the path of the file.</summary>
    /// <value><see langword="null"/> where it came as a stream or reader.</value>
    public string? File { get; }

    /// <summary>Gets the line in the file, from 1: the one in which the row begins.</summary>
    public long Line { get; }

    /// <summary>Gets the name of the column or property.</summary>
    /// <value><see langword="null"/> where it is not one cell that is wrong.</value>
    public string? Column { get; }

    /// <summary>Gets what was expected, in words.</summary>
    public string Expected { get; }

    /// <summary>Gets what was found, in words.</summary>
    public string Found { get; }
}
