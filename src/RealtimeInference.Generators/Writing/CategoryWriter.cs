namespace RealtimeInference;

/// <summary>Writes the code of a category.</summary>
internal static class CategoryWriter
{
    public static void Write(CodeWriter code, CategoryPlan category, EncoderMember member, ElementTarget target)
    {
        bool isEnum = member.Kind == ValueKind.Enum;
        string type = isEnum ? member.Type + (member.IsNullable ? "?" : "") : "string?";
        string? isMissing = !isEnum ? "string.IsNullOrEmpty(value)" : member.IsNullable ? "value is null" : null;
        code.Line($"{type} value = input.{member.Property};");
        FeatureWriter.WriteWithMissing(
            code,
            category,
            target,
            category.Missing == MissingRule.Unknown ? null : isMissing,
            category.Default is null ? null : $"value = {Constant(category.Default, member)};",
            () => code.Block("switch (value)", () => WriteCases(code, category, member, target)));
    }

    public static void WriteHash(CodeWriter code, HashPlan hash, EncoderMember member, ElementTarget target)
    {
        code.Line($"string? value = input.{member.Property};");
        FeatureWriter.WriteWithMissing(
            code,
            hash,
            target,
            "string.IsNullOrEmpty(value)",
            hash.Default is null ? null : $"value = {Literals.Text(hash.Default)};",
            () =>
            {
                code.Line($"int bucket = global::RealtimeInference.TabularEncoding.HashBucket(value, {hash.Seed}u, {Literals.Count(hash.Buckets)});");
                code.Line(hash.IsOneHot ? $"{target.AtVariable("bucket")} = 1;" : $"{target.At(0)} = bucket;");
            });
    }

    private static void WriteCases(CodeWriter code, CategoryPlan category, EncoderMember member, ElementTarget target)
    {
        for (int i = 0; i < category.Categories.Count; i++)
        {
            code.Line($"case {Constant(category.Categories[i], member)}: {Set(i)} break;");
        }

        string unknown = category.Unknown switch
        {
            UnknownRule.Own => Set(category.Categories.Count) + " ",
            UnknownRule.Fail => $"faults.AddUnknown({Literals.Text(category.Name)}, {(member.Kind == ValueKind.Enum ? "value.ToString()" : "value")}); ",
            _ => "",
        };
        code.Line($"default: {unknown}break;");

        string Set(int index) => category.IsOrdinal ? target.Set(0, index) : target.Set(index, 1);
    }

    private static string Constant(string category, EncoderMember member) =>
        member.Kind == ValueKind.Enum ? $"{member.Type}.{MemberReader.Escape(category)}" : Literals.Text(category);
}
