using System.Text;
using Microsoft.CodeAnalysis;

namespace RealtimeInference;

/// <summary>The names of enum values in attributes, and the words for them in a specification.</summary>
internal static class EnumWords
{
    public static string? Name(TypedConstant constant) => constant.Type?.GetMembers().OfType<IFieldSymbol>()
        .FirstOrDefault(f => f.HasConstantValue && f.ConstantValue.Equals(constant.Value))?.Name;

    /// <summary>Gets the word of a specification: <c>AllZero</c> is <c>all-zero</c>.</summary>
    public static string? Word(TypedConstant constant) => Name(constant) is { } name ? Hyphenate(name) : null;

    private static string Hyphenate(string name)
    {
        var word = new StringBuilder();
        foreach (char c in name)
        {
            if (char.IsUpper(c) && word.Length > 0)
            {
                word.Append('-');
            }

            word.Append(char.ToLowerInvariant(c));
        }

        return word.ToString();
    }
}
