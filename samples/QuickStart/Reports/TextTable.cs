namespace QuickStart;

/// <summary>Text in columns, as wide as they need to be. A title that ends in '&gt;' makes its column right-aligned.</summary>
public sealed class TextTable
{
    private readonly List<string[]> _rows = [];
    private readonly bool[] _isRightAligned;

    public TextTable(params string[] titles)
    {
        _isRightAligned = [.. titles.Select(title => title.EndsWith('>'))];
        AddRow([.. titles.Select(title => title.TrimEnd('>'))]);
    }

    /// <summary>Adds a row. In a short one, the last cell takes the space that is left and widens no column.</summary>
    public void AddRow(params string[] cells) => _rows.Add([.. cells.Select(OnOneLine)]);

    public void WriteTo(TextWriter writer)
    {
        int[] widths = [.. _isRightAligned.Select((_, column) => _rows.Max(row => WidthNeeded(row, column)))];
        foreach (string[] row in _rows)
        {
            IEnumerable<string> cells = row.Select(
                (cell, column) => _isRightAligned[column] ? cell.PadLeft(widths[column]) : cell.PadRight(widths[column]));
            writer.WriteLine(string.Join("  ", cells).TrimEnd());
        }
    }

    private int WidthNeeded(string[] row, int column)
    {
        bool isSpanning = row.Length < _isRightAligned.Length && column >= row.Length - 1;
        return isSpanning ? 0 : row[column].Length;
    }

    // The name of a file may hold anything, also a line break.
    private static string OnOneLine(string cell) => cell.Any(char.IsControl)
        ? string.Concat(cell.Select(character => char.IsControl(character) ? '?' : character))
        : cell;
}
