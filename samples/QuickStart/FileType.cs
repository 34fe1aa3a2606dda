namespace QuickStart;

/// <summary>The answer for one file. A struct, so that an answer costs no memory.</summary>
/// <param name="ContentType">The type.</param>
/// <param name="Confidence">The model's probability; 1 where a rule answered.</param>
/// <param name="ModelLabel">The model's own top class, before thresholds; <see langword="null"/> where a rule answered.</param>
public readonly record struct FileType(ContentType ContentType, float Confidence, string? ModelLabel);
