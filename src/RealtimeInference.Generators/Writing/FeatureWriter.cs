namespace RealtimeInference;

/// <summary>Writes the code of one feature. The arithmetic is that of the run-time encoders, to the last bit.</summary>
internal static class FeatureWriter
{
    private const string Encoding = "global::RealtimeInference.TabularEncoding.";

    public static void Write(CodeWriter code, FeaturePlan feature, EncoderMember member, ElementTarget target)
    {
        switch (feature)
        {
            case NumberPlan number:
                WriteNumeric(code, number, member, target, number.Default, () => WriteNumber(code, number, target));
                break;
            case BucketPlan bucket:
                WriteNumeric(code, bucket, member, target, bucket.Default, () => WriteBucket(code, bucket, target));
                break;
            case BooleanPlan boolean:
                WriteBoolean(code, boolean, member, target);
                break;
            case CategoryPlan category:
                CategoryWriter.Write(code, category, member, target);
                break;
            case HashPlan hash:
                CategoryWriter.WriteHash(code, hash, member, target);
                break;
            case DatePlan date:
                DateWriter.Write(code, date, member, target);
                break;
        }
    }

    /// <summary>Writes what happens without a value, around what happens with one.</summary>
    /// <param name="code">Takes the code.</param>
    /// <param name="feature">The feature.</param>
    /// <param name="target">Its elements.</param>
    /// <param name="isMissing">Whether there is no value, in code; <see langword="null"/> where there always is one.</param>
    /// <param name="setDefault">Gives the variable the value that stands for a missing one; <see langword="null"/> for none.</param>
    /// <param name="body">Writes the code for a value.</param>
    public static void WriteWithMissing(
        CodeWriter code, FeaturePlan feature, ElementTarget target, string? isMissing, string? setDefault, Action body)
    {
        if (isMissing is null)
        {
            body();
            return;
        }

        var actions = new List<string>();
        if (feature.Missing == MissingRule.Fail)
        {
            actions.Add($"faults.AddMissing({Literals.Text(feature.Name)});");
        }
        else if (feature.Missing == MissingRule.Indicator)
        {
            actions.Add(target.Set(feature.ValueWidth, 1));
        }

        if (setDefault is not null)
        {
            actions.Add(setDefault);
        }

        if (actions.Count == 0)
        {
            code.Block($"if (!({isMissing}))", body);
            return;
        }

        code.Block($"if ({isMissing})", () => actions.ForEach(code.Line));
        if (setDefault is not null)
        {
            code.Line();
            body();
        }
        else
        {
            code.Block("else", body);
        }
    }

    private static void WriteNumeric(
        CodeWriter code, FeaturePlan feature, EncoderMember member, ElementTarget target, double? replacement, Action body)
    {
        code.Line(member.IsNullable
            ? $"double value = (double?)input.{member.Property} ?? double.NaN;"
            : $"double value = (double)input.{member.Property};");
        WriteWithMissing(
            code,
            feature,
            target,
            member.IsNullable || member.CanBeNaN ? "double.IsNaN(value)" : null,
            replacement is { } known ? $"value = {Literals.Number(known)};" : null,
            body);
    }

    private static void WriteNumber(CodeWriter code, NumberPlan number, ElementTarget target)
    {
        string value = "value";
        if (number.ClipMin is not null || number.ClipMax is not null)
        {
            value = "clipped";
            string upper = number.ClipMax is { } max ? $"value > {Literals.Number(max)} ? {Literals.Number(max)} : value" : "value";
            code.Line($"double clipped = {(number.ClipMin is { } min ? $"value < {Literals.Number(min)} ? {Literals.Number(min)} : {upper}" : upper)};");
        }

        string element = number.Transform switch
        {
            NumberTransform.None => value,
            NumberTransform.Log1p => $"({Encoding}Log1p({value}) - {Literals.Number(number.Mean)}) / {Literals.Number(number.Std)}",
            NumberTransform.MinMax => $"({value} - {Literals.Number(number.Min)}) / {Literals.Number(number.Max - number.Min)}",
            _ => $"({value} - {Literals.Number(number.Mean)}) / {Literals.Number(number.Std)}",
        };
        code.Line($"float element = (float)({element});");
        code.Line($"{target.At(0)} = element;");
        code.Block("if (!float.IsFinite(element))", () => code.Line($"faults.AddNotFinite({Literals.Text(number.Name)}, value);"));
    }

    private static void WriteBucket(CodeWriter code, BucketPlan bucket, ElementTarget target)
    {
        code.Line($"int bucket = {Encoding}Bucket(value, [{string.Join(", ", bucket.Boundaries.Select(Literals.Number))}]);");
        code.Line(bucket.IsOrdinal ? $"{target.At(0)} = bucket;" : $"{target.AtVariable("bucket")} = 1;");
    }

    private static void WriteBoolean(CodeWriter code, BooleanPlan boolean, EncoderMember member, ElementTarget target)
    {
        code.Line($"{(member.IsNullable ? "bool?" : "bool")} value = input.{member.Property};");
        WriteWithMissing(
            code,
            boolean,
            target,
            member.IsNullable ? "value is null" : null,
            boolean.Default is { } known ? $"value = {(known ? "true" : "false")};" : null,
            () => code.Block(member.IsNullable ? "if (value == true)" : "if (value)", () => code.Line(target.Set(0, 1))));
    }
}
