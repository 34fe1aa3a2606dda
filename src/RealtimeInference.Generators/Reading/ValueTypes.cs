using System.Globalization;
using Microsoft.CodeAnalysis;

namespace RealtimeInference;

/// <summary>What the types of properties hold.</summary>
internal static class ValueTypes
{
    public static (ValueKind Kind, ITypeSymbol Type, bool IsNullable) Read(ITypeSymbol type)
    {
        bool isNullable = type.OriginalDefinition.SpecialType == SpecialType.System_Nullable_T;
        ITypeSymbol inner = isNullable ? ((INamedTypeSymbol)type).TypeArguments[0] : type.WithNullableAnnotation(NullableAnnotation.NotAnnotated);
        return (ReadKind(inner), inner, isNullable);
    }

    public static bool CanBeNaN(ITypeSymbol type) =>
        type.SpecialType is SpecialType.System_Double or SpecialType.System_Single || type.ToDisplayString() == "System.Half";

    public static IEnumerable<EnumMember> GetMembers(ITypeSymbol type) => type.GetMembers().OfType<IFieldSymbol>()
        .Where(static f => f.HasConstantValue)
        .Select(static f => new EnumMember(f.Name, Convert.ToString(f.ConstantValue, CultureInfo.InvariantCulture)));

    private static ValueKind ReadKind(ITypeSymbol type) => type.SpecialType switch
    {
        SpecialType.System_Boolean => ValueKind.Boolean,
        SpecialType.System_String => ValueKind.Text,
        SpecialType.System_DateTime => ValueKind.DateTime,
        SpecialType.System_Byte or SpecialType.System_SByte or SpecialType.System_Int16 or SpecialType.System_UInt16
            or SpecialType.System_Int32 or SpecialType.System_UInt32 or SpecialType.System_Int64 or SpecialType.System_UInt64
            or SpecialType.System_Single or SpecialType.System_Double or SpecialType.System_Decimal => ValueKind.Number,
        _ => type.TypeKind == TypeKind.Enum
            ? ValueKind.Enum
            : type.ToDisplayString() switch
            {
                "System.Half" => ValueKind.Number,
                "System.DateTimeOffset" => ValueKind.DateTimeOffset,
                "System.DateOnly" => ValueKind.DateOnly,
                _ => ValueKind.Other,
            },
    };
}
