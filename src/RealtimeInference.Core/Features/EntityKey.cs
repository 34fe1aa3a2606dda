using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace RealtimeInference;

/// <summary>Which entity a row is about: a text or a whole number, such as a card's number.</summary>
/// <remarks>
/// Text and number are the same key where they read the same: <c>"42"</c> equals 42, and <c>"042"</c> does not. Comparison is
/// ordinal. The default is no key: its row is missing, and no store is asked for it.
/// </remarks>
public readonly struct EntityKey : IEquatable<EntityKey>, ISpanFormattable, IUtf8SpanFormattable
{
    // Null with _kind Number for a key that was given as a number.
    private readonly string? _text;
    private readonly long _number;
    private readonly Kind _kind;

    /// <summary>Initializes a new instance of the <see cref="EntityKey"/> struct from a text.</summary>
    /// <param name="text">The text; <see langword="null"/> or an empty one is no key.</param>
    public EntityKey(string? text)
    {
        if (string.IsNullOrEmpty(text))
        {
            return;
        }

        _text = text;
        _kind = IsCanonicalNumber(text, out _number) ? Kind.Number : Kind.Text;
    }

    /// <summary>Initializes a new instance of the <see cref="EntityKey"/> struct from a number.</summary>
    /// <param name="number">The number.</param>
    public EntityKey(long number)
    {
        _number = number;
        _kind = Kind.Number;
    }

    private enum Kind : byte
    {
        None,
        Number,
        Text,
    }

    /// <summary>Gets whether there is no key.</summary>
    public bool IsEmpty => _kind == Kind.None;

    /// <summary>Makes a key of a text; <see langword="null"/> or an empty one is no key.</summary>
    /// <param name="text">The text.</param>
    public static implicit operator EntityKey(string? text) => new(text);

    /// <summary>Makes a key of a number.</summary>
    /// <param name="number">The number.</param>
    public static implicit operator EntityKey(long number) => new(number);

    /// <summary>Compares two keys.</summary>
    /// <param name="left">One.</param>
    /// <param name="right">The other.</param>
    /// <returns>Whether they are the same.</returns>
    public static bool operator ==(EntityKey left, EntityKey right) => left.Equals(right);

    /// <summary>Compares two keys.</summary>
    /// <param name="left">One.</param>
    /// <param name="right">The other.</param>
    /// <returns>Whether they differ.</returns>
    public static bool operator !=(EntityKey left, EntityKey right) => !left.Equals(right);

    /// <summary>Gets the number, if the key is one.</summary>
    /// <param name="number">The number.</param>
    /// <returns>Whether the key is a number, also one that was given as a text.</returns>
    public bool TryGetNumber(out long number)
    {
        number = _number;
        return _kind == Kind.Number;
    }

    /// <inheritdoc/>
    public bool Equals(EntityKey other) =>
        _kind == other._kind && (_kind == Kind.Text ? string.Equals(_text, other._text, StringComparison.Ordinal) : _number == other._number);

    /// <inheritdoc/>
    public override bool Equals([NotNullWhen(true)] object? obj) => obj is EntityKey other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() => _kind == Kind.Text ? _text!.GetHashCode(StringComparison.Ordinal) : _number.GetHashCode();

    /// <summary>Gets the key as a text; empty for no key. Makes a string where the key was given as a number.</summary>
    /// <returns>The text.</returns>
    public override string ToString() => _text ?? (_kind == Kind.None ? "" : _number.ToString(CultureInfo.InvariantCulture));

    /// <inheritdoc/>
    public string ToString(string? format, IFormatProvider? formatProvider) => ToString();

    /// <summary>Writes the key as text, without making a string.</summary>
    /// <inheritdoc/>
    public bool TryFormat(Span<char> destination, out int charsWritten, ReadOnlySpan<char> format, IFormatProvider? provider)
    {
        if (_text is null && _kind == Kind.Number)
        {
            return _number.TryFormat(destination, out charsWritten, default, CultureInfo.InvariantCulture);
        }

        bool fits = _text.AsSpan().TryCopyTo(destination);
        charsWritten = fits ? _text?.Length ?? 0 : 0;
        return fits;
    }

    /// <summary>Writes the key as UTF-8, without making a string.</summary>
    /// <inheritdoc/>
    public bool TryFormat(Span<byte> utf8Destination, out int bytesWritten, ReadOnlySpan<char> format, IFormatProvider? provider)
    {
        if (_text is null && _kind == Kind.Number)
        {
            return _number.TryFormat(utf8Destination, out bytesWritten, default, CultureInfo.InvariantCulture);
        }

        return System.Text.Encoding.UTF8.TryGetBytes(_text, utf8Destination, out bytesWritten);
    }

    // As the number would be written: no sign but a minus, no zeros in front, no spaces.
    private static bool IsCanonicalNumber(string text, out long number)
    {
        number = 0;
        int digits = text[0] == '-' ? 1 : 0;
        if (text.Length > 20 || text.Length == digits || !char.IsAsciiDigit(text[digits]) || (text[digits] == '0' && text.Length > 1))
        {
            return false;
        }

        return long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out number);
    }
}
