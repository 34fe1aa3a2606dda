using Microsoft.CodeAnalysis;

namespace RealtimeInference;

/// <summary>A specification file of the project.</summary>
internal sealed record SpecificationFile(string Path, SpecificationPlan? Plan, EquatableArray<SpecificationFault> Faults)
{
    public static SpecificationFile Read(AdditionalText file, CancellationToken cancellationToken)
    {
        string text = file.GetText(cancellationToken)?.ToString() ?? "";
        (SpecificationPlan? plan, IReadOnlyList<SpecificationFault> faults) = SpecificationReader.Read(text);
        return new SpecificationFile(file.Path, plan, new EquatableArray<SpecificationFault>(faults));
    }

    /// <summary>Says whether a path that a user wrote is that of this file, or its end.</summary>
    public bool IsAt(string path)
    {
        string wanted = path.Replace('\\', '/');
        if (wanted.StartsWith("./", StringComparison.Ordinal))
        {
            wanted = wanted.Substring(2);
        }

        string found = Path.Replace('\\', '/');
        return found == wanted || found.EndsWith("/" + wanted, StringComparison.Ordinal);
    }
}
