namespace QuickStart;

/// <summary>One file to examine.</summary>
/// <param name="Name">What the report calls it.</param>
/// <param name="Path">Where it is.</param>
public sealed record InputFile(string Name, string Path)
{
    /// <summary>The path that stands for standard input.</summary>
    public const string StandardInput = "-";

    /// <summary>Lists the files of the paths, in order; the samples if there is no path.</summary>
    /// <remarks>A path that does not exist is listed as well: reading it says what is wrong.</remarks>
    public static IEnumerable<InputFile> Find(IReadOnlyList<string> paths, string samplesFolder) => paths.Count == 0
        ? FilesIn(samplesFolder).Select(path => new InputFile(System.IO.Path.GetRelativePath(samplesFolder, path), path))
        : paths.SelectMany(path => Directory.Exists(path) ? FilesIn(path) : [path]).Select(path => new InputFile(path, path));

    /// <summary>Reads what is needed of the content.</summary>
    public FileSample ReadSample(int blockSize)
    {
        using Stream stream = Path == StandardInput
            ? Console.OpenStandardInput()
            : new FileStream(Path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0);
        return FileSample.Read(stream, blockSize);
    }

    private static IEnumerable<string> FilesIn(string folder)
    {
        FileSystemInfo[] entries;
        try
        {
            entries = new DirectoryInfo(folder).GetFileSystemInfos();
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // A folder that cannot be listed cannot be read as a file either, and that error lands in the report.
            return [folder];
        }

        return entries
            .OrderBy(entry => entry.Name, StringComparer.Ordinal)
            .Where(entry => entry is FileInfo || entry.LinkTarget is null) // A link to a folder may lead in a circle.
            .SelectMany(entry => entry is DirectoryInfo
                ? FilesIn(System.IO.Path.Combine(folder, entry.Name))
                : [System.IO.Path.Combine(folder, entry.Name)]);
    }
}
