using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace RealtimeInference;

/// <summary>Writes an encoder for each type that has <c>TabularInputAttribute</c>.</summary>
[Generator(LanguageNames.CSharp)]
public sealed class TabularEncoderGenerator : IIncrementalGenerator
{
    /// <inheritdoc/>
    public void Initialize(IncrementalGeneratorInitializationContext context)
    {
        IncrementalValuesProvider<EncoderTarget> targets = context.SyntaxProvider
            .ForAttributeWithMetadataName(
                AttributeNames.TabularInput,
                static (node, _) => node is TypeDeclarationSyntax,
                static (found, cancellationToken) => TargetReader.Read(found, cancellationToken))
            .WithTrackingName("Targets");

        IncrementalValueProvider<EquatableArray<SpecificationFile>> files = context.AdditionalTextsProvider
            .Where(static text => text.Path.EndsWith(".json", StringComparison.OrdinalIgnoreCase))
            .Select(static (text, cancellationToken) => SpecificationFile.Read(text, cancellationToken))
            .Collect()
            .Select(static (all, _) => new EquatableArray<SpecificationFile>(all))
            .WithTrackingName("Files");

        IncrementalValuesProvider<GeneratedEncoder> encoders = targets
            .Combine(files)
            .Select(static (pair, _) => EncoderComposer.Compose(pair.Left, pair.Right))
            .WithTrackingName("Encoders");

        context.RegisterSourceOutput(encoders, static (output, encoder) =>
        {
            foreach (DiagnosticInfo diagnostic in encoder.Diagnostics)
            {
                output.ReportDiagnostic(diagnostic.Create());
            }

            if (encoder.Source is not null)
            {
                output.AddSource(encoder.HintName, encoder.Source);
            }
        });
    }
}
