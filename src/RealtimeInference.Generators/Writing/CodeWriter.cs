using System.Text;

namespace RealtimeInference;

/// <summary>Writes lines of code at the right depth.</summary>
internal sealed class CodeWriter
{
    private readonly StringBuilder _text = new();
    private int _depth;

    public void Line(string line = "")
    {
        if (line.Length > 0)
        {
            _text.Append(' ', 4 * _depth).Append(line);
        }

        _text.Append('\n');
    }

    public void Block(string head, Action body)
    {
        if (head.Length > 0)
        {
            Line(head);
        }

        Line("{");
        _depth++;
        body();
        _depth--;
        Line("}");
    }

    public override string ToString() => _text.ToString();
}
