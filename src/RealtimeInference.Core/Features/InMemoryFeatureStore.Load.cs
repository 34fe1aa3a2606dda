namespace RealtimeInference;

public sealed partial class InMemoryFeatureStore
{
    /// <summary>Loads a CSV file: a header with the names of the fields and of the key, then a row for each entity.</summary>
    /// <param name="view">The view.</param>
    /// <param name="path">The file; UTF-8.</param>
    /// <param name="options">How it is read.</param>
    /// <returns>How many rows were stored; all but those older than what is there.</returns>
    /// <remarks>
    /// An empty cell is a missing value; an empty one in quotes an empty text. Columns that are no fields are left out. A file with a fault is
    /// refused as a whole.
    /// </remarks>
    /// <exception cref="FeatureFileException">The file has a fault; says where.</exception>
    /// <exception cref="ArgumentException">The options have faults; the message names them all.</exception>
    public int LoadCsv(FeatureView view, string path, FeatureFileOptions? options = null)
    {
        using StreamReader reader = Open(path);
        return LoadCsv(view, reader, path, options);
    }

    /// <summary>Loads CSV from a stream, as <see cref="LoadCsv(FeatureView, string, FeatureFileOptions?)"/> does.</summary>
    /// <param name="view">The view.</param>
    /// <param name="stream">The stream; UTF-8; left open.</param>
    /// <param name="options">How it is read.</param>
    /// <returns>How many rows were stored.</returns>
    /// <exception cref="FeatureFileException">The text has a fault; says where.</exception>
    public int LoadCsv(FeatureView view, Stream stream, FeatureFileOptions? options = null)
    {
        using StreamReader reader = Open(stream);
        return LoadCsv(view, reader, null, options);
    }

    /// <summary>Loads CSV from a text, as <see cref="LoadCsv(FeatureView, string, FeatureFileOptions?)"/> does.</summary>
    /// <param name="view">The view.</param>
    /// <param name="reader">The text; left open.</param>
    /// <param name="options">How it is read.</param>
    /// <returns>How many rows were stored.</returns>
    /// <exception cref="FeatureFileException">The text has a fault; says where.</exception>
    public int LoadCsv(FeatureView view, TextReader reader, FeatureFileOptions? options = null) => LoadCsv(view, reader, null, options);

    /// <summary>Loads a file of JSON Lines: on each line an object with the fields and the key of one entity.</summary>
    /// <param name="view">The view.</param>
    /// <param name="path">The file; UTF-8.</param>
    /// <param name="options">How it is read.</param>
    /// <returns>How many rows were stored; all but those older than what is there.</returns>
    /// <remarks>A property that is null or not there is a missing value. Properties that are no fields are left out. A file with a fault is refused as a whole.</remarks>
    /// <exception cref="FeatureFileException">The file has a fault; says where.</exception>
    /// <exception cref="ArgumentException">The options have faults; the message names them all.</exception>
    public int LoadJsonLines(FeatureView view, string path, FeatureFileOptions? options = null)
    {
        using StreamReader reader = Open(path);
        return LoadJsonLines(view, reader, path, options);
    }

    /// <summary>Loads JSON Lines from a stream, as <see cref="LoadJsonLines(FeatureView, string, FeatureFileOptions?)"/> does.</summary>
    /// <param name="view">The view.</param>
    /// <param name="stream">The stream; UTF-8; left open.</param>
    /// <param name="options">How it is read.</param>
    /// <returns>How many rows were stored.</returns>
    /// <exception cref="FeatureFileException">The text has a fault; says where.</exception>
    public int LoadJsonLines(FeatureView view, Stream stream, FeatureFileOptions? options = null)
    {
        using StreamReader reader = Open(stream);
        return LoadJsonLines(view, reader, null, options);
    }

    /// <summary>Loads JSON Lines from a text, as <see cref="LoadJsonLines(FeatureView, string, FeatureFileOptions?)"/> does.</summary>
    /// <param name="view">The view.</param>
    /// <param name="reader">The text; left open.</param>
    /// <param name="options">How it is read.</param>
    /// <returns>How many rows were stored.</returns>
    /// <exception cref="FeatureFileException">The text has a fault; says where.</exception>
    public int LoadJsonLines(FeatureView view, TextReader reader, FeatureFileOptions? options = null) => LoadJsonLines(view, reader, null, options);

    private static StreamReader Open(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        return new StreamReader(path);
    }

    private static StreamReader Open(Stream stream)
    {
        ArgumentNullException.ThrowIfNull(stream);
        return new StreamReader(stream, leaveOpen: true);
    }

    private int LoadCsv(FeatureView view, TextReader reader, string? source, FeatureFileOptions? options) =>
        Store(view, new CsvFeatureReader(Check(view, reader, ref options), reader, source, options!, _timeProvider.GetUtcNow()).ReadAll());

    private int LoadJsonLines(FeatureView view, TextReader reader, string? source, FeatureFileOptions? options) =>
        Store(view, new JsonLinesFeatureReader(Check(view, reader, ref options), reader, source, options!, _timeProvider.GetUtcNow()).ReadAll());

    private static FeatureView Check(FeatureView view, TextReader reader, ref FeatureFileOptions? options)
    {
        ArgumentNullException.ThrowIfNull(view);
        ArgumentNullException.ThrowIfNull(reader);
        (options ??= new FeatureFileOptions()).ThrowIfFaulty();
        return view;
    }

    // Only once the whole file is read: a fault in its last line leaves the store as it was.
    private int Store(FeatureView view, List<(EntityKey Key, StoredFeatures Row)> rows)
    {
        Register(view);
        int stored = 0;
        foreach ((EntityKey key, StoredFeatures row) in rows)
        {
            stored += Put(view, key, row) ? 1 : 0;
        }

        return stored;
    }
}
