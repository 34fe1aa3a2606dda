using System.Globalization;
using System.Text;
using Microsoft.CodeAnalysis;

namespace RealtimeInference;

/// <summary>Reads an encoding attribute into the fields that a specification file would have for it.</summary>
internal static class AttributeFields
{
    public static FeatureFields Read(AttributeData attribute)
    {
        var fields = new FeatureFields();
        switch (attribute.AttributeClass!.Name)
        {
            case "NumberAttribute":
                fields["type"] = "number";
                break;
            case "BucketAttribute":
                fields["type"] = "number";
                fields["transform"] = "bucket";
                fields["boundaries"] = List<double>(attribute);
                break;
            case "BooleanAttribute":
                fields["type"] = "boolean";
                break;
            case "CategoryAttribute":
                fields["type"] = "category";
                fields["categories"] = List<string>(attribute);
                break;
            case "HashedCategoryAttribute":
                fields["type"] = "category";
                fields["encoding"] = "hash";
                fields["buckets"] = Convert.ToDouble(attribute.Argument<object>(0) ?? double.NaN, CultureInfo.InvariantCulture);
                break;
            default:
                fields["type"] = "date";
                fields["parts"] = attribute.Items().Select(static p => EnumWords.Word(p) ?? "?").ToList();
                break;
        }

        foreach (KeyValuePair<string, TypedConstant> argument in attribute.NamedArguments)
        {
            ReadNamed(argument.Key, argument.Value, fields);
        }

        return fields;
    }

    /// <summary>Gets the argument that a field is: <c>clip-min</c> is <c>ClipMin</c>.</summary>
    public static string ArgumentName(string field)
    {
        var name = new StringBuilder();
        foreach (string part in field.Split('-'))
        {
            name.Append(char.ToUpperInvariant(part[0])).Append(part.Substring(1));
        }

        return name.ToString();
    }

    private static void ReadNamed(string name, TypedConstant value, FeatureFields fields)
    {
        switch (name)
        {
            case "Mean" or "Std" or "Min" or "Max" or "Seed":
                fields[name.ToLowerInvariant()] = Convert.ToDouble(value.Value, CultureInfo.InvariantCulture);
                break;
            case "ClipMin" or "ClipMax":
                fields[name == "ClipMin" ? "clip-min" : "clip-max"] = value.Value;
                break;
            case "Log1p" when value.Value is true:
                fields["transform"] = "log1p";
                break;
            case "Ordinal" when value.Value is true:
                fields["encoding"] = "ordinal";
                break;
            case "OneHot" when value.Value is true:
                fields["encoding"] = "hash-one-hot";
                break;
            case "Cyclical":
                fields["cyclical"] = value.Value;
                break;
            case "Missing" or "Unknown":
                fields[name.ToLowerInvariant()] = EnumWords.Word(value) ?? "?";
                break;
            case "Default":
                fields["default"] = value.Value;
                break;
        }
    }

    private static List<T> List<T>(AttributeData attribute) => [.. attribute.Items().Select(static v => v.Value).OfType<T>()];
}
