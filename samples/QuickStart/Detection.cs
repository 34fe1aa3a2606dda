namespace QuickStart;

/// <summary>What came out for one file: a type or an error.</summary>
/// <param name="File">The name of the file.</param>
/// <param name="Type">The type; <see langword="null"/> if there is an error.</param>
/// <param name="Elapsed">How long it took, from reading to answer.</param>
/// <param name="Error">What went wrong, if something did.</param>
public sealed record Detection(string File, FileType? Type, TimeSpan Elapsed, string? Error);
