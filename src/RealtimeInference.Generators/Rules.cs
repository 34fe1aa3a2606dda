using Microsoft.CodeAnalysis;

namespace RealtimeInference;

/// <summary>Every error of the generator. An id is never used again for something else.</summary>
internal static class Rules
{
    public static readonly DiagnosticDescriptor UnfitType = new(
        "RTI001", "The type cannot have an encoder", "{0}", Category, DiagnosticSeverity.Error, true);

    public static readonly DiagnosticDescriptor NoFeatures = new(
        "RTI002", "The type has no features", "{0}", Category, DiagnosticSeverity.Error, true);

    public static readonly DiagnosticDescriptor TwoEncodings = new(
        "RTI003", "A property has two encodings", "{0}", Category, DiagnosticSeverity.Error, true);

    public static readonly DiagnosticDescriptor UnfitProperty = new(
        "RTI004", "The property's type does not fit its feature", "{0}", Category, DiagnosticSeverity.Error, true);

    public static readonly DiagnosticDescriptor Unreadable = new(
        "RTI005", "The property cannot be read", "{0}", Category, DiagnosticSeverity.Error, true);

    public static readonly DiagnosticDescriptor WrongValue = new(
        "RTI006", "A value of an encoding is wrong", "{0}", Category, DiagnosticSeverity.Error, true);

    public static readonly DiagnosticDescriptor Inconsistent = new(
        "RTI007", "The features do not fit together", "{0}", Category, DiagnosticSeverity.Error, true);

    public static readonly DiagnosticDescriptor NoFile = new(
        "RTI008", "The specification file is not there", "{0}", Category, DiagnosticSeverity.Error, true);

    public static readonly DiagnosticDescriptor FaultyFile = new(
        "RTI009", "The specification file has a fault", "{0}", Category, DiagnosticSeverity.Error, true);

    public static readonly DiagnosticDescriptor NoProperty = new(
        "RTI010", "A feature of the file has no property", "{0}", Category, DiagnosticSeverity.Error, true);

    public static readonly DiagnosticDescriptor FileAndAttributes = new(
        "RTI011", "Attributes and a file both say what to encode", "{0}", Category, DiagnosticSeverity.Error, true);

    public static readonly DiagnosticDescriptor WrongTensor = new(
        "RTI012", "A tensor is declared wrongly", "{0}", Category, DiagnosticSeverity.Error, true);

    public static readonly DiagnosticDescriptor NameTaken = new(
        "RTI013", "The name of the encoder is taken", "{0}", Category, DiagnosticSeverity.Error, true);

    private const string Category = "RealtimeInference.Tabular";
}
