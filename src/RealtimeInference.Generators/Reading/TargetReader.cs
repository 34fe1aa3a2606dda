using Microsoft.CodeAnalysis;

namespace RealtimeInference;

/// <summary>Reads a type that is to have an encoder.</summary>
internal static class TargetReader
{
    public static EncoderTarget Read(GeneratorAttributeSyntaxContext context, CancellationToken cancellationToken)
    {
        var type = (INamedTypeSymbol)context.TargetSymbol;
        AttributeData attribute = context.Attributes[0];
        LocationInfo? location = attribute.Locate();
        var diagnostics = new List<DiagnosticInfo>();
        if (FindUnfitness(type) is { } unfitness)
        {
            diagnostics.Add(new DiagnosticInfo(
                Rules.UnfitType, location, $"'{type.Name}' {unfitness}. An encoder is written for a class, record or struct of a namespace, not generic and not static."));
        }
        else if (!type.ContainingNamespace.GetTypeMembers(type.Name + "Encoder").IsEmpty)
        {
            diagnostics.Add(new DiagnosticInfo(
                Rules.NameTaken, location, $"The encoder of '{type.Name}' would be called '{type.Name}Encoder', and there is a type of that name. Rename one of them."));
        }

        string? specification = attribute.NamedArguments.FirstOrDefault(static a => a.Key == "Specification").Value.Value as string;
        string tensor = attribute.Argument<string>(0) ?? TensorPlan.DefaultName;
        if (specification is not null && attribute.ConstructorArguments.Length > 0)
        {
            diagnostics.Add(new DiagnosticInfo(
                Rules.FileAndAttributes, location, $"The file '{specification}' says which tensor its features go to; take '{tensor}' out of the attribute."));
        }

        List<DeclaredTensor> tensors = TensorReader.Read(type, diagnostics);
        if (specification is not null && tensors.Count > 0)
        {
            diagnostics.Add(new DiagnosticInfo(
                Rules.FileAndAttributes, tensors[0].Location, $"The file '{specification}' says what the tensors hold; take the attribute out."));
        }

        var members = new List<EncoderMember>();
        foreach (IPropertySymbol property in GetProperties(type))
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (MemberReader.Read(property, context.SemanticModel.Compilation, specification, diagnostics) is { } member)
            {
                members.Add(member);
            }
        }

        return new EncoderTarget(
            type.ContainingNamespace.IsGlobalNamespace ? "" : type.ContainingNamespace.ToDisplayString(SymbolDisplayFormat.FullyQualifiedFormat).Replace("global::", ""),
            type.Name,
            type.ToDisplayString(SymbolDisplayFormat.FullyQualifiedFormat),
            type.DeclaredAccessibility == Accessibility.Public,
            tensor,
            specification,
            new EquatableArray<EncoderMember>(members),
            new EquatableArray<DeclaredTensor>(tensors),
            new EquatableArray<DiagnosticInfo>(diagnostics),
            location);
    }

    private static string? FindUnfitness(INamedTypeSymbol type) =>
        type.ContainingType is not null ? $"is nested in '{type.ContainingType.Name}'"
        : type.IsGenericType ? "is generic"
        : type.IsStatic ? "is static"
        : type.IsRefLikeType ? "is a ref struct"
        : type.IsFileLocal ? "is local to its file"
        : null;

    // Those of base types first, as a constructor fills them; one that is overridden counts where it was first declared.
    private static IEnumerable<IPropertySymbol> GetProperties(INamedTypeSymbol type)
    {
        var types = new Stack<INamedTypeSymbol>();
        for (INamedTypeSymbol? t = type; t is not null && t.SpecialType == SpecialType.None; t = t.BaseType)
        {
            types.Push(t);
        }

        var latest = new Dictionary<string, IPropertySymbol>();
        var order = new List<string>();
        foreach (IPropertySymbol property in types.SelectMany(static t => t.GetMembers().OfType<IPropertySymbol>()))
        {
            if (!latest.ContainsKey(property.Name))
            {
                order.Add(property.Name);
            }

            latest[property.Name] = property;
        }

        return order.Select(name => latest[name]);
    }
}
