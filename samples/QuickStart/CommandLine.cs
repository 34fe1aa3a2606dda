namespace QuickStart;

/// <summary>What the user asked for.</summary>
public sealed record CommandLine
{
    public const string Usage = """
        Tells what kind of file each file is, by its content.

        Usage: QuickStart [options] [file | folder | -]...

        Folders are searched recursively; - is standard input. Without a file, the samples of the model are examined.

        Options:
          --json      One JSON object per line instead of a table.
          -h, --help  This text.
          --          What follows are files, even if they begin with a dash.

        Exit code: 0 all done, 1 some file could not be examined, 2 wrong usage.
        """;

    public IReadOnlyList<string> Paths { get; init; } = [];

    public bool WantsJson { get; init; }

    public bool WantsHelp { get; init; }

    public string? UnknownOption { get; init; }

    public static CommandLine Parse(IReadOnlyList<string> args)
    {
        var paths = new List<string>();
        var result = new CommandLine { Paths = paths };
        bool onlyPathsFollow = false;
        foreach (string arg in args)
        {
            bool isPath = onlyPathsFollow || arg == InputFile.StandardInput || !arg.StartsWith('-');
            if (isPath)
            {
                paths.Add(arg);
                continue;
            }

            switch (arg)
            {
                case "--":
                    onlyPathsFollow = true;
                    break;
                case "--json":
                    result = result with { WantsJson = true };
                    break;
                case "-h" or "--help":
                    result = result with { WantsHelp = true };
                    break;
                default:
                    return result with { UnknownOption = arg };
            }
        }

        return result;
    }
}
