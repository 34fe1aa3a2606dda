namespace RealtimeInference;

/// <summary>Reads the records of a CSV text as RFC 4180 has it: quoted cells, doubled quotes, line ends in quotes; CR LF, LF or CR.</summary>
/// <param name="reader">The text.</param>
/// <param name="separator">What stands between cells.</param>
/// <param name="source">The path, for errors.</param>
internal sealed class CsvReader(TextReader reader, char separator, string? source)
{
#if DEBUG
    private const int BufferSize = 16;
#else
    private const int BufferSize = 32 * 1024;
#endif

    private readonly char[] _buffer = new char[BufferSize];
    private int _length;
    private int _position;
    private long _nextLine = 1;

    // The cells of one record, without their quotes, behind each other.
    private char[] _text = new char[BufferSize];
    private int _textLength;
    private readonly List<(int Start, int End, bool IsQuoted)> _cells = [];

    /// <summary>Gets the line in which the record begins, from 1.</summary>
    public long Line { get; private set; }

    public int CellCount => _cells.Count;

    public ReadOnlySpan<char> this[int cell] => _text.AsSpan(_cells[cell].Start, _cells[cell].End - _cells[cell].Start);

    /// <summary>Gets whether the cell says nothing. An empty cell in quotes is an empty text.</summary>
    public bool IsEmpty(int cell) => _cells[cell].Start == _cells[cell].End && !_cells[cell].IsQuoted;

    /// <summary>Goes to the next record; skips lines with nothing in them.</summary>
    /// <returns>Whether there is one.</returns>
    public bool Read()
    {
        do
        {
            if (Peek() < 0)
            {
                return false;
            }

            Line = _nextLine;
            _cells.Clear();
            _textLength = 0;
            while (ReadCell())
            {
            }
        }
        while (_cells.Count == 1 && IsEmpty(0));

        return true;
    }

    /// <returns>Whether another cell follows in the record.</returns>
    private bool ReadCell()
    {
        int start = _textLength;
        bool isQuoted = Peek() == '"';
        if (isQuoted)
        {
            _position++;
            ReadQuoted();
        }

        while (true)
        {
            int c = Peek();
            if (c < 0 || c is '\n' or '\r' || c == separator)
            {
                _cells.Add((start, _textLength, isQuoted));
                return c >= 0 && EndsCell((char)c);
            }

            if (isQuoted)
            {
                throw Fault($"'{separator}' or the end of the line after the closing quote", $"'{(char)c}'");
            }

            if (c == '"')
            {
                throw Fault("a quote only around a whole cell, and two for one inside it", "a quote inside a cell without quotes");
            }

            Append((char)c);
            _position++;
        }
    }

    private bool EndsCell(char c)
    {
        _position++;
        if (c == separator)
        {
            return true;
        }

        if (c == '\r' && Peek() == '\n')
        {
            _position++;
        }

        _nextLine++;
        return false;
    }

    private void ReadQuoted()
    {
        while (true)
        {
            int c = Peek();
            if (c < 0)
            {
                throw Fault("a closing quote", "the end of the file");
            }

            _position++;
            if (c == '"')
            {
                if (Peek() != '"')
                {
                    return;
                }

                _position++;
            }
            else if (c == '\n' || (c == '\r' && Peek() != '\n'))
            {
                _nextLine++;
            }

            Append((char)c);
        }
    }

    private FeatureFileException Fault(string expected, string found) => new(source, Line, $"{_cells.Count + 1}", expected, found);

    private int Peek()
    {
        if (_position == _length)
        {
            _position = 0;
            _length = reader.Read(_buffer, 0, _buffer.Length);
        }

        return _length == 0 ? -1 : _buffer[_position];
    }

    private void Append(char c)
    {
        if (_textLength == _text.Length)
        {
            Array.Resize(ref _text, _text.Length * 2);
        }

        _text[_textLength++] = c;
    }
}
