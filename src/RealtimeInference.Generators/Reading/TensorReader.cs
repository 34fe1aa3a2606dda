using Microsoft.CodeAnalysis;

namespace RealtimeInference;

/// <summary>Reads the tensors that a type's attributes declare.</summary>
internal static class TensorReader
{
    public static List<DeclaredTensor> Read(INamedTypeSymbol type, List<DiagnosticInfo> diagnostics)
    {
        var tensors = new List<DeclaredTensor>();
        foreach (AttributeData attribute in type.GetAttributes().Where(static a => a.AttributeClass?.ToDisplayString() == AttributeNames.TabularTensor))
        {
            LocationInfo? location = attribute.Locate();
            if (attribute.Argument<string>(0) is not { } name)
            {
                continue;
            }

            string? word = EnumWords.Name(attribute.ConstructorArguments[1]);
            if (word is not ("Float32" or "Int64"))
            {
                diagnostics.Add(new DiagnosticInfo(
                    Rules.WrongTensor, location, $"The tensor '{name}' is declared with elements of {word ?? "an unknown type"}, expected TensorElementType.Float32 or TensorElementType.Int64."));
            }
            else if (tensors.Exists(t => t.Name == name))
            {
                diagnostics.Add(new DiagnosticInfo(Rules.WrongTensor, location, $"The tensor '{name}' is declared twice. Take one declaration out."));
            }
            else
            {
                tensors.Add(new DeclaredTensor(name, word == "Int64", location));
            }
        }

        return tensors;
    }
}
