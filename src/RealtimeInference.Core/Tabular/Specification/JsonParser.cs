using System.Globalization;
using System.Text;

namespace RealtimeInference;

/// <summary>
/// Reads JSON (RFC 8259). Its own, because the library and the source generator must read a specification alike, and a
/// compiler cannot be relied on to have a JSON reader; it keeps positions, too, for errors.
/// </summary>
internal sealed class JsonParser
{
    private const int MaxDepth = 64;

    private readonly string _text;
    private int _at;
    private int _line = 1;
    private int _lineStart;
    private int _depth;

    private JsonParser(string text) => _text = text;

    public static JsonValue Parse(string text)
    {
        var parser = new JsonParser(text);
        if (text.Length > 0 && text[0] == '\uFEFF')
        {
            parser._at = 1;
        }

        JsonValue value = parser.ReadValue();
        parser.SkipSpace();
        return parser._at == text.Length ? value : throw parser.Fault("found more after the end of the value, expected the end of the text");
    }

    private JsonValue ReadValue()
    {
        SkipSpace();
        switch (Peek())
        {
            case '{': return ReadObject();
            case '[': return ReadArray();
            case '"': return new JsonValue(JsonKind.Text, Position()) { Text = ReadText() };
            case 't': return ReadWord("true", JsonKind.Boolean);
            case 'f': return ReadWord("false", JsonKind.Boolean);
            case 'n': return ReadWord("null", JsonKind.Null);
            case '-' or (>= '0' and <= '9'): return ReadNumber();
            default: throw Unexpected("a value");
        }
    }

    private JsonValue ReadObject()
    {
        var value = new JsonValue(JsonKind.Object, Position());
        Enter();
        SkipSpace();
        if (!Take('}'))
        {
            do
            {
                SkipSpace();
                JsonPosition position = Position();
                if (Peek() != '"')
                {
                    throw Unexpected("a name in quotes");
                }

                string name = ReadText();
                SkipSpace();
                Expect(':');
                if (value.Members.Exists(m => m.Name == name))
                {
                    throw new JsonFormatException($"found \"{name}\" twice in one object, expected each name once", position);
                }

                value.Members.Add(new JsonMember(name, position, ReadValue()));
                SkipSpace();
            }
            while (Take(','));
            Expect('}');
        }

        _depth--;
        return value;
    }

    private JsonValue ReadArray()
    {
        var value = new JsonValue(JsonKind.Array, Position());
        Enter();
        SkipSpace();
        if (!Take(']'))
        {
            do
            {
                value.Items.Add(ReadValue());
                SkipSpace();
            }
            while (Take(','));
            Expect(']');
        }

        _depth--;
        return value;
    }

    private JsonValue ReadWord(string word, JsonKind kind)
    {
        if (string.CompareOrdinal(_text, _at, word, 0, word.Length) != 0)
        {
            throw Unexpected("a value");
        }

        var value = new JsonValue(kind, Position()) { Boolean = word == "true", Text = word };
        _at += word.Length;
        return value;
    }

    private JsonValue ReadNumber()
    {
        JsonPosition position = Position();
        int start = _at;
        Take('-');
        if (!Take('0'))
        {
            ReadDigits();
        }

        if (Take('.'))
        {
            ReadDigits();
        }

        if (Take('e') || Take('E'))
        {
            if (!Take('+'))
            {
                Take('-');
            }

            ReadDigits();
        }

        string digits = _text.Substring(start, _at - start);
        double number = double.Parse(digits, NumberStyles.Float, CultureInfo.InvariantCulture);
        return double.IsInfinity(number)
            ? throw new JsonFormatException($"found {digits}, expected a number in the range of a double", position)
            : new JsonValue(JsonKind.Number, position) { Number = number, Text = digits };
    }

    private void ReadDigits()
    {
        int start = _at;
        while (Peek() is >= '0' and <= '9')
        {
            _at++;
        }

        if (_at == start)
        {
            throw Unexpected("a digit");
        }
    }

    private string ReadText()
    {
        Expect('"');
        var text = new StringBuilder();
        while (true)
        {
            char c = Peek();
            if (c == '"')
            {
                _at++;
                return text.ToString();
            }

            if (c < ' ')
            {
                throw Unexpected("the end of the text in quotes");
            }

            _at++;
            text.Append(c == '\\' ? ReadEscape() : c);
        }
    }

    private char ReadEscape()
    {
        char c = Peek();
        _at++;
        switch (c)
        {
            case '"' or '\\' or '/': return c;
            case 'b': return '\b';
            case 'f': return '\f';
            case 'n': return '\n';
            case 'r': return '\r';
            case 't': return '\t';
            case 'u' when _at + 4 <= _text.Length && TryParseHex(_text.Substring(_at, 4), out ushort code):
                _at += 4;
                return (char)code;
            default:
                _at--;
                throw Unexpected("an escape: one of \" \\ / b f n r t, or u and four hexadecimal digits");
        }
    }

    private static bool TryParseHex(string digits, out ushort code) =>
        ushort.TryParse(digits, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out code);

    private void Enter()
    {
        if (++_depth > MaxDepth)
        {
            throw Fault($"found more than {MaxDepth} levels");
        }

        _at++;
    }

    private void SkipSpace()
    {
        // The only place where a line can end: a text in quotes holds no line ends.
        for (; Peek() is ' ' or '\t' or '\n' or '\r'; _at++)
        {
            if (Peek() == '\n')
            {
                _line++;
                _lineStart = _at + 1;
            }
        }
    }

    private char Peek() => _at < _text.Length ? _text[_at] : '\0';

    private bool Take(char c)
    {
        if (Peek() != c || _at == _text.Length)
        {
            return false;
        }

        _at++;
        return true;
    }

    private void Expect(char c)
    {
        if (!Take(c))
        {
            throw Unexpected($"'{c}'");
        }
    }

    private JsonFormatException Unexpected(string expected) =>
        Fault($"found {(_at < _text.Length ? $"'{_text[_at]}'" : "the end")}, expected {expected}");

    private JsonFormatException Fault(string message) => new(message, Position());

    private JsonPosition Position() => new(_at, _line, _at - _lineStart + 1);
}
