using Microsoft.CodeAnalysis;

namespace RealtimeInference;

/// <summary>Whether a property can be made into its feature.</summary>
internal static class MemberCheck
{
    public static (DiagnosticDescriptor Rule, string Message)? FindFault(FeaturePlan feature, EncoderMember member)
    {
        (bool fits, string expected) = feature switch
        {
            NumberPlan or BucketPlan => (member.Kind == ValueKind.Number, "a number is made of a numeric type, nullable or not"),
            BooleanPlan => (member.Kind == ValueKind.Boolean, "a boolean is made of bool or bool?"),
            HashPlan => (member.Kind == ValueKind.Text, "a hashed category is made of string"),
            CategoryPlan => (member.Kind is ValueKind.Text or ValueKind.Enum, "a category is made of string or an enum"),
            _ => (member.Kind is ValueKind.DateTime or ValueKind.DateTimeOffset or ValueKind.DateOnly, "a date is made of DateTime, DateTimeOffset or DateOnly, nullable or not"),
        };
        if (!fits)
        {
            return (Rules.UnfitProperty, $"'{member.Property}' is of type {member.Type.Replace("global::", "")}, but {expected}.");
        }

        return feature is CategoryPlan category && member.Kind == ValueKind.Enum ? FindEnumFault(category, member) : null;
    }

    private static (DiagnosticDescriptor Rule, string Message)? FindEnumFault(CategoryPlan category, EncoderMember member)
    {
        var values = new Dictionary<string, string>();
        foreach (string name in category.Categories)
        {
            EnumMember? known = member.EnumMembers.FirstOrDefault(m => m.Name == name);
            if (known is null)
            {
                return (Rules.WrongValue,
                    $"The category '{name}' of '{member.Property}' is no member of {member.Type.Replace("global::", "")}, which has {FieldReader.Words(member.EnumMembers.Select(static m => m.Name))}.");
            }

            if (values.TryGetValue(known.Value, out string? other))
            {
                return (Rules.WrongValue,
                    $"The categories '{other}' and '{name}' of '{member.Property}' are one value of {member.Type.Replace("global::", "")}. Take one of them out.");
            }

            values.Add(known.Value, name);
        }

        return null;
    }
}
