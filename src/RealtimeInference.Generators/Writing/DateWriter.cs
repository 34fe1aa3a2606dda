namespace RealtimeInference;

/// <summary>Writes the code of a date.</summary>
internal static class DateWriter
{
    private const string Encoding = "global::RealtimeInference.TabularEncoding.";

    public static void Write(CodeWriter code, DatePlan date, EncoderMember member, ElementTarget target)
    {
        string read = member.Kind switch
        {
            ValueKind.DateTimeOffset => ".DateTime",
            ValueKind.DateOnly => ".ToDateTime(global::System.TimeOnly.MinValue)",
            _ => "",
        };
        string nullable = member.IsNullable ? "?" : "";
        code.Line($"global::System.DateTime{nullable} value = input.{member.Property}{(read.Length > 0 ? nullable : "")}{read};");
        FeatureWriter.WriteWithMissing(
            code, date, target, member.IsNullable ? "value is null" : null, setDefault: null, () => WriteParts(code, date, member, target));
    }

    private static void WriteParts(CodeWriter code, DatePlan date, EncoderMember member, ElementTarget target)
    {
        string value = member.IsNullable ? "value.Value" : "value";
        for (int i = 0; i < date.Parts.Count; i++)
        {
            DatePartName part = date.Parts[i];
            string number = part.Kind == DatePartKind.DayOfWeek ? $"{Encoding}DayOfWeek({value})" : $"{value}.{part.Kind}";
            code.Line(date.IsCyclical
                ? $"{Encoding}WriteCircle({target.Tensor}, {Literals.Count(target.Start + (2 * i))}, {number} - {Literals.Count(part.First)}, {Literals.Count(part.Period)});"
                : $"{target.At(i)} = {number};");
        }
    }
}
