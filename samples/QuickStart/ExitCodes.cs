namespace QuickStart;

/// <summary>What the program tells the shell.</summary>
public static class ExitCodes
{
    public const int Success = 0;
    public const int SomeFailed = 1;
    public const int WrongUsage = 2;
}
