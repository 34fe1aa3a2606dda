using Microsoft.CodeAnalysis;

namespace RealtimeInference;

/// <summary>The arguments of an attribute. A wrong one is the compiler's to report, and is as good as none.</summary>
internal static class AttributeArguments
{
    public static T? Argument<T>(this AttributeData attribute, int index)
        where T : class => index < attribute.ConstructorArguments.Length && attribute.ConstructorArguments[index] is { Kind: not TypedConstantKind.Array } constant
            ? constant.Value as T
            : null;

    /// <summary>Gets the items of an array that is the only argument, as of a params parameter.</summary>
    public static IEnumerable<TypedConstant> Items(this AttributeData attribute) =>
        attribute.ConstructorArguments.Length == 1 && attribute.ConstructorArguments[0] is { Kind: TypedConstantKind.Array, IsNull: false } array
            ? array.Values
            : [];

    public static LocationInfo? Locate(this AttributeData attribute) =>
        LocationInfo.From(attribute.ApplicationSyntaxReference?.GetSyntax().GetLocation());
}
