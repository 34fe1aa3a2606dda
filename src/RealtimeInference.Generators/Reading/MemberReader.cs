using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace RealtimeInference;

/// <summary>Reads a property and its attributes.</summary>
internal static class MemberReader
{
    /// <summary>Reads the property.</summary>
    /// <returns>The member; <see langword="null"/> where it is no feature, or cannot be one.</returns>
    public static EncoderMember? Read(IPropertySymbol property, Compilation compilation, string? specification, List<DiagnosticInfo> diagnostics)
    {
        AttributeData[] attributes = [.. GetAttributes(property)];
        AttributeData[] encodings = [.. attributes.Where(static a => a.AttributeClass?.BaseType?.ToDisplayString() == AttributeNames.Feature)];
        LocationInfo? location = LocationInfo.From(property.Locations.FirstOrDefault());
        bool isReadable = !property.IsStatic && !property.IsIndexer && property.GetMethod is { } get && compilation.IsSymbolAccessibleWithin(get, compilation.Assembly);
        if (specification is null ? encodings.Length == 0 : encodings.Length == 0 && !isReadable)
        {
            return null;
        }

        if (specification is not null && encodings.Length > 0)
        {
            diagnostics.Add(new DiagnosticInfo(
                Rules.FileAndAttributes,
                encodings[0].Locate() ?? location,
                $"'{property.Name}' has the encoding {Name(encodings[0])}, but the file '{specification}' says what is encoded. Take one of them out."));
            encodings = [];
        }

        if (!isReadable)
        {
            diagnostics.Add(new DiagnosticInfo(
                Rules.Unreadable, location, $"'{property.Name}' cannot be read from an encoder. Expected a property of the instance with a getter that is public or internal."));
            return null;
        }

        if (encodings.Length > 1)
        {
            diagnostics.Add(new DiagnosticInfo(
                Rules.TwoEncodings,
                encodings[1].Locate() ?? location,
                $"'{property.Name}' has {encodings.Length} encodings, {string.Join(" and ", encodings.Select(Name))}, expected one. For a second feature of it add a property that returns it."));
            return null;
        }

        string feature = attributes.FirstOrDefault(static a => a.AttributeClass?.ToDisplayString() == AttributeNames.FeatureName)?.Argument<string>(0)
            ?? property.Name;
        FeaturePlan? plan = null;
        string? tensor = null;
        if (encodings.Length == 1)
        {
            (plan, tensor) = ReadEncoding(encodings[0], feature, property, diagnostics);
            if (plan is null)
            {
                return null;
            }
        }

        (ValueKind kind, ITypeSymbol type, bool isNullable) = ValueTypes.Read(property.Type);
        return new EncoderMember(
            Escape(property.Name),
            feature,
            type.ToDisplayString(SymbolDisplayFormat.FullyQualifiedFormat),
            kind,
            isNullable,
            ValueTypes.CanBeNaN(type),
            new EquatableArray<EnumMember>(kind == ValueKind.Enum ? ValueTypes.GetMembers(type) : []),
            plan,
            tensor,
            (encodings.Length == 1 ? encodings[0].Locate() : null) ?? location);
    }

    public static string Escape(string name) => SyntaxFacts.GetKeywordKind(name) == SyntaxKind.None ? name : "@" + name;

    private static (FeaturePlan? Plan, string? Tensor) ReadEncoding(
        AttributeData encoding, string feature, IPropertySymbol property, List<DiagnosticInfo> diagnostics)
    {
        FeatureFields fields = AttributeFields.Read(encoding);
        (FeaturePlan? plan, IReadOnlyList<(string Field, string Message)> faults) = FeatureBuilder.Build(feature, fields);
        foreach ((string field, string message) in faults)
        {
            diagnostics.Add(new DiagnosticInfo(Rules.WrongValue, encoding.Locate(), $"{AttributeFields.ArgumentName(field)} of '{property.Name}': {message}."));
        }

        return (plan, encoding.NamedArguments.FirstOrDefault(static a => a.Key == "Tensor").Value.Value as string);
    }

    // A positional property of a record may have its attributes on the parameter.
    private static IEnumerable<AttributeData> GetAttributes(IPropertySymbol property)
    {
        IEnumerable<AttributeData> attributes = property.GetAttributes();
        if (property.DeclaringSyntaxReferences.FirstOrDefault() is { } declaration)
        {
            foreach (IParameterSymbol parameter in property.ContainingType.InstanceConstructors.SelectMany(static c => c.Parameters))
            {
                if (parameter.Name == property.Name && parameter.DeclaringSyntaxReferences.FirstOrDefault() is { } syntax
                    && syntax.SyntaxTree == declaration.SyntaxTree && syntax.Span == declaration.Span)
                {
                    attributes = attributes.Concat(parameter.GetAttributes());
                }
            }
        }

        return attributes;
    }

    private static string Name(AttributeData attribute) => $"[{attribute.AttributeClass!.Name.Replace("Attribute", "")}]";
}
