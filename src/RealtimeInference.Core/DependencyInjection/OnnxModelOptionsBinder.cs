using System.Globalization;
using Microsoft.Extensions.Configuration;

namespace RealtimeInference;

/// <summary>
/// Reads the settings of a model. By a table, not by reflection: it works with trimming and native AOT, and it can say of
/// every setting what is wrong with it.
/// </summary>
internal static class OnnxModelOptionsBinder
{
    private static readonly Dictionary<string, Action<OnnxModelOptions, IConfigurationSection>> s_settings =
        new(StringComparer.OrdinalIgnoreCase)
        {
            ["Path"] = static (_, _) => { },
            [nameof(OnnxModelOptions.Version)] = static (o, s) => o.Version = s.Value,
            [nameof(OnnxModelOptions.ExecutionProviders)] = static (o, s) => o.ExecutionProviders = [.. s.GetChildren().Select(ReadProvider)],
            [nameof(OnnxModelOptions.Fallback)] = static (o, s) => o.Fallback = ReadEnum<ProviderFallback>(s),
            [nameof(OnnxModelOptions.IntraOpThreads)] = static (o, s) => o.IntraOpThreads = ReadInt(s),
            [nameof(OnnxModelOptions.InterOpThreads)] = static (o, s) => o.InterOpThreads = ReadInt(s),
            [nameof(OnnxModelOptions.RunOperatorsInParallel)] = static (o, s) => o.RunOperatorsInParallel = ReadBool(s),
            [nameof(OnnxModelOptions.AllowSpinning)] = static (o, s) => o.AllowSpinning = ReadBool(s),
            [nameof(OnnxModelOptions.UseSharedThreadPool)] = static (o, s) => o.UseSharedThreadPool = ReadBool(s),
            [nameof(OnnxModelOptions.GraphOptimization)] = static (o, s) => o.GraphOptimization = ReadEnum<GraphOptimization>(s),
            [nameof(OnnxModelOptions.OptimizedModelPath)] = static (o, s) => o.OptimizedModelPath = s.Value,
            [nameof(OnnxModelOptions.UseMemoryArena)] = static (o, s) => o.UseMemoryArena = ReadBool(s),
            [nameof(OnnxModelOptions.UseMemoryPattern)] = static (o, s) => o.UseMemoryPattern = ReadBool(s),
            [nameof(OnnxModelOptions.FreeDimensionOverrides)] = static (o, s) =>
                o.FreeDimensionOverrides = s.GetChildren().ToDictionary(static c => c.Key, static c => (long)ReadInt(c)),
            [nameof(OnnxModelOptions.CustomOperatorLibraries)] = static (o, s) =>
                o.CustomOperatorLibraries = [.. s.GetChildren().Select(static c => c.Value ?? "")],
            [nameof(OnnxModelOptions.ExternalDataFolder)] = static (o, s) => o.ExternalDataFolder = s.Value,
            [nameof(OnnxModelOptions.SessionConfiguration)] = static (o, s) =>
                o.SessionConfiguration = s.GetChildren().ToDictionary(static c => c.Key, static c => c.Value ?? ""),
            [nameof(OnnxModelOptions.ProfileOutputPrefix)] = static (o, s) => o.ProfileOutputPrefix = s.Value,
            [nameof(OnnxModelOptions.BatchDimension)] = static (o, s) => o.BatchDimension = ReadEnum<BatchDimension>(s),
            [nameof(OnnxModelOptions.WarmUpRuns)] = static (o, s) => o.WarmUpRuns = ReadInt(s),
            [nameof(OnnxModelOptions.WarmUpShapes)] = static (o, s) =>
                o.WarmUpShapes = s.GetChildren().ToDictionary(static c => c.Key, static c => c.GetChildren().Select(ReadInt).ToArray()),
            [nameof(OnnxModelOptions.MaxIdleRunners)] = static (o, s) => o.MaxIdleRunners = ReadInt(s),
        };

    /// <summary>Applies the settings of a section; what is wrong with them is added to the faults.</summary>
    public static void Bind(IConfigurationSection section, OnnxModelOptions options, List<string> faults)
    {
        foreach (IConfigurationSection setting in section.GetChildren())
        {
            if (!s_settings.TryGetValue(setting.Key, out Action<OnnxModelOptions, IConfigurationSection>? apply))
            {
                faults.Add($"{setting.Path} is no setting of a model. There are: {string.Join(", ", s_settings.Keys)}.");
                continue;
            }

            try
            {
                apply(options, setting);
            }
            catch (FormatException exception)
            {
                faults.Add(exception.Message);
            }
            catch (ArgumentException exception)
            {
                // A provider that does not take its options.
                faults.Add($"{setting.Path}: {exception.Message}");
            }
        }
    }

    // Either a name, or an object with a name and the provider's own options.
    private static ExecutionProvider ReadProvider(IConfigurationSection section)
    {
        string name = section.Value ?? section["Name"] ?? throw new FormatException($"{section.Path}:Name is missing: the name of a provider.");
        var options = section.GetSection("Options").GetChildren().ToDictionary(static c => c.Key, static c => c.Value ?? "");
        return name.ToUpperInvariant() switch
        {
            "CPU" => ExecutionProvider.Cpu,
            "CUDA" => ExecutionProvider.Cuda(o => Add(o.Additional, options)),
            "DIRECTML" => ExecutionProvider.DirectMl(o => Add(o.Additional, options)),
            _ => ExecutionProvider.Named(name, options),
        };
    }

    private static void Add(IDictionary<string, string> target, Dictionary<string, string> options)
    {
        foreach ((string key, string value) in options)
        {
            target[key] = value;
        }
    }

    private static int ReadInt(IConfigurationSection section) =>
        int.TryParse(section.Value, NumberStyles.Integer, CultureInfo.InvariantCulture, out int value)
            ? value
            : throw new FormatException($"{section.Path} is '{section.Value}': a whole number is needed.");

    private static bool ReadBool(IConfigurationSection section) =>
        bool.TryParse(section.Value, out bool value)
            ? value
            : throw new FormatException($"{section.Path} is '{section.Value}': true or false is needed.");

    private static TEnum ReadEnum<TEnum>(IConfigurationSection section)
        where TEnum : struct, Enum =>
        Enum.TryParse(section.Value, ignoreCase: true, out TEnum value) && Enum.IsDefined(value)
            ? value
            : throw new FormatException($"{section.Path} is '{section.Value}': one of {string.Join(", ", Enum.GetNames<TEnum>())} is needed.");
}
