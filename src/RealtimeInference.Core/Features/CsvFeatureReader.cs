namespace RealtimeInference;

/// <summary>Reads the rows of a view from CSV.</summary>
internal sealed class CsvFeatureReader(FeatureView view, TextReader text, string? source, FeatureFileOptions options, DateTimeOffset now)
{
    private readonly CsvReader _csv = new(text, options.Separator, source);
    private readonly string _keyColumn = options.KeyColumn ?? view.Entity;
    private string[] _header = [];

    // For each column its field; null for one that is left out.
    private FeatureField?[] _fields = [];
    private int _key = -1;
    private int _timestamp = -1;

    public List<(EntityKey Key, StoredFeatures Row)> ReadAll()
    {
        if (!_csv.Read())
        {
            throw new FeatureFileException(source, 1, null, "a header", "an empty file");
        }

        ReadHeader();
        List<(EntityKey, StoredFeatures)> rows = [];
        while (_csv.Read())
        {
            rows.Add(ReadRow());
        }

        return rows;
    }

    private void ReadHeader()
    {
        _header = new string[_csv.CellCount];
        _fields = new FeatureField?[_csv.CellCount];
        for (int i = 0; i < _header.Length; i++)
        {
            string name = _csv[i].Trim().ToString();
            if (Array.IndexOf(_header, name, 0, i) >= 0)
            {
                throw new FeatureFileException(source, _csv.Line, name, "each column once", "two of the name");
            }

            _header[i] = name;
            _fields[i] = view.FindField(name);
        }

        _key = Array.IndexOf(_header, _keyColumn);
        _timestamp = Array.IndexOf(_header, options.TimestampColumn);
        string[] missing =
        [
            .. view.Fields.Select(static f => f.Name).Where(n => !options.AllowMissingColumns && !_header.Contains(n)).Prepend(_keyColumn)
                .Where(n => !_header.Contains(n)).Distinct().Select(static n => $"'{n}'"),
        ];
        if (missing.Length > 0)
        {
            throw new FeatureFileException(
                source,
                _csv.Line,
                null,
                $"columns for the key and for all fields of '{view.Name}'",
                $"no {string.Join(", ", missing)} among {string.Join(", ", _header.Select(static n => $"'{n}'"))}");
        }
    }

    private (EntityKey Key, StoredFeatures Row) ReadRow()
    {
        if (_csv.CellCount != _header.Length)
        {
            throw new FeatureFileException(source, _csv.Line, null, $"{_header.Length} cells, as in the header", $"{_csv.CellCount}");
        }

        EntityKey key = _csv[_key].ToString();
        if (key.IsEmpty)
        {
            throw new FeatureFileException(source, _csv.Line, _keyColumn, "a key", "an empty cell");
        }

        DateTimeOffset timestamp = now;
        if (_timestamp >= 0 && !_csv.IsEmpty(_timestamp) && !FeatureText.TryReadTimestamp(_csv[_timestamp], out timestamp))
        {
            throw new FeatureFileException(source, _csv.Line, options.TimestampColumn, "a time in ISO 8601", $"'{_csv[_timestamp]}'");
        }

        var data = new FeatureRowData(view);
        for (int i = 0; i < _fields.Length; i++)
        {
            if (_fields[i] is { } field && !_csv.IsEmpty(i) && !FeatureText.TryRead(field, _csv[i], data))
            {
                throw new FeatureFileException(source, _csv.Line, field.Name, FeatureText.Describe(field), $"'{_csv[i]}'");
            }
        }

        return (key, new StoredFeatures(data, timestamp, null));
    }
}
