using System.Text;

namespace RealtimeInference;

/// <summary>What a row of data becomes in the input tensors of a model, as a file beside the model says. Immutable.</summary>
public sealed class FeatureSpecification
{
    /// <summary>The key in a model's metadata under which it carries the hash of the specification that it was trained with.</summary>
    public const string HashMetadataKey = "realtimeinference.features.sha256";

    private readonly SpecificationPlan _plan;
    private readonly FeatureTensor[] _tensors;

    private FeatureSpecification(SpecificationPlan plan)
    {
        _plan = plan;
        _tensors =
        [
            .. plan.Tensors.Select(static t => new FeatureTensor(
                string.Intern(t.Name), t.IsInt64 ? TensorElementType.Int64 : TensorElementType.Float32, t.Width)),
        ];
        Hash = CanonicalForm.Hash(plan);
        Columns = [.. plan.Features.Select(static f => f.Name)];
    }

    /// <summary>Gets the tensors that are written.</summary>
    public IReadOnlyList<FeatureTensor> Tensors => _tensors;

    /// <summary>Gets the columns that are read, in the order of their features.</summary>
    public IReadOnlyList<string> Columns { get; }

    /// <summary>Gets the hash of what the specification means: spaces, the order of fields and defaults written out leave it as it is.</summary>
    /// <value>SHA-256, as 64 lower-case hexadecimal digits.</value>
    public string Hash { get; }

    /// <summary>Reads a specification from a file.</summary>
    /// <param name="path">The file: JSON, in UTF-8.</param>
    /// <returns>The specification.</returns>
    /// <exception cref="FeatureSpecificationException">The file cannot be read or has faults; the exception carries them all.</exception>
    public static FeatureSpecification Load(string path)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        string json;
        try
        {
            json = File.ReadAllText(path, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true));
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or DecoderFallbackException or NotSupportedException)
        {
            throw new FeatureSpecificationException(path, exception);
        }

        return Read(json, path);
    }

    /// <summary>Reads a specification from JSON.</summary>
    /// <param name="json">The text.</param>
    /// <returns>The specification.</returns>
    /// <exception cref="FeatureSpecificationException">It has faults; the exception carries them all.</exception>
    public static FeatureSpecification Parse(string json)
    {
        ArgumentNullException.ThrowIfNull(json);
        return Read(json, null);
    }

    /// <summary>Checks that a model takes what the specification makes, and was trained with it if it says so.</summary>
    /// <remarks>Building a predictor does it for its encoder.</remarks>
    /// <param name="signature">The signature of the model.</param>
    /// <exception cref="TensorMismatchException">An input is missing, or has another type or size.</exception>
    /// <exception cref="SpecificationMismatchException">The model says that it was trained with another specification.</exception>
    public void CheckSignature(ModelSignature signature) => TabularEncoding.CheckSignature(signature, Hash, _tensors);

    /// <summary>Makes an encoder of objects: a function for each column, nothing boxed and nothing allocated for an example.</summary>
    /// <typeparam name="T">The type of an example.</typeparam>
    /// <param name="map">Gives each column its function, exactly once.</param>
    /// <returns>A thread-safe encoder.</returns>
    /// <exception cref="FeatureMappingException">Columns are left out, given twice, not known or of another type; it names them all.</exception>
    public IInputEncoder<T> CreateEncoder<T>(Action<TabularMap<T>> map)
    {
        ArgumentNullException.ThrowIfNull(map);
        var columns = new TabularMap<T>(_plan);
        map(columns);
        return new TabularEncoder<T>(this, _plan, columns.Complete());
    }

    /// <summary>Makes an encoder of rows as a CSV file has them: texts by position.</summary>
    /// <param name="header">The name of the column at each position; what the specification does not have is skipped.</param>
    /// <returns>A thread-safe encoder. A row that is shorter than the header lacks its last columns.</returns>
    /// <exception cref="FeatureMappingException">Columns are left out or there twice; it names them all.</exception>
    public IInputEncoder<IReadOnlyList<string?>> CreateRowEncoder(IReadOnlyList<string> header)
    {
        ArgumentNullException.ThrowIfNull(header);
        return CreateEncoder<IReadOnlyList<string?>>(map =>
        {
            for (int i = 0; i < header.Count; i++)
            {
                int position = i;
                if (Columns.Contains(header[i]))
                {
                    map.Text(header[i], row => position < row.Count ? row[position] : null);
                }
            }
        });
    }

    /// <summary>Makes an encoder of texts by column. A column that is not there is a missing value.</summary>
    /// <returns>A thread-safe encoder.</returns>
    public IInputEncoder<IReadOnlyDictionary<string, string?>> CreateTextEncoder() =>
        CreateEncoder<IReadOnlyDictionary<string, string?>>(map =>
        {
            foreach (string column in Columns)
            {
                map.Text(column, row => row.TryGetValue(column, out string? value) ? value : null);
            }
        });

    /// <summary>Makes an encoder of values by column: numbers, texts, truth values and dates. A column that is not there is a missing value.</summary>
    /// <returns>A thread-safe encoder.</returns>
    public IInputEncoder<IReadOnlyDictionary<string, object?>> CreateObjectEncoder() =>
        CreateEncoder<IReadOnlyDictionary<string, object?>>(map =>
        {
            foreach (string column in Columns)
            {
                map.Value(column, row => row.TryGetValue(column, out object? value) ? value : null);
            }
        });

    private static FeatureSpecification Read(string json, string? path)
    {
        (SpecificationPlan? plan, IReadOnlyList<SpecificationFault> faults) = SpecificationReader.Read(json);
        return plan is not null
            ? new FeatureSpecification(plan)
            : throw new FeatureSpecificationException(
                path, [.. faults.Select(static f => new FeatureSpecificationFault(f.Path, f.Position.Line, f.Position.Column, f.Message))]);
    }
}
