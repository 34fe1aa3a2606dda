using System.Buffers;
using System.Runtime.CompilerServices;
using System.Text;

namespace RealtimeInference;

public sealed partial class FeatureRow
{
    // Longer than any number or time that can be read.
    private const int MaxScalarLength = 128;

    /// <summary>Sets a field. A field that is not set is missing; so is a string that is null.</summary>
    /// <typeparam name="T">The type of the value.</typeparam>
    /// <param name="field">A field of the view.</param>
    /// <param name="value">The value.</param>
    /// <exception cref="FeatureMismatchException">The field is another view's.</exception>
    /// <exception cref="InvalidOperationException">The row is complete.</exception>
    public void Set<T>(FeatureField<T> field, T value)
        where T : notnull
    {
        if (!BeginSet(field))
        {
            return;
        }

        if (!FeatureBits.IsBits<T>())
        {
            GetOwn().SetObject(field.Ordinal, Unsafe.As<T, string?>(ref value));
        }
        else
        {
            GetOwn().SetBits(field.Ordinal, FeatureBits.Encode(value));
        }
    }

    /// <summary>Sets a vector; it is copied. One of another length than the field's is recorded as of the wrong type.</summary>
    /// <param name="field">A field of the view.</param>
    /// <param name="value">The vector.</param>
    /// <returns>Whether the length is right.</returns>
    /// <exception cref="FeatureMismatchException">The field is another view's.</exception>
    /// <exception cref="InvalidOperationException">The row is complete.</exception>
    public bool Set(FeatureVectorField field, ReadOnlySpan<float> value)
    {
        if (!BeginSet(field))
        {
            return true;
        }

        if (value.Length != field.Length)
        {
            SetWrongType(field, $"a vector of {value.Length}");
            return false;
        }

        value.CopyTo(GetOwn().SetVector(field.Ordinal, field.Length));
        return true;
    }

    /// <summary>Reads a field of any type from a text, in the invariant culture. A text that cannot be read is recorded as of the wrong type.</summary>
    /// <param name="field">A field of the view.</param>
    /// <param name="text">
    /// A number, <c>true</c>, <c>false</c>, 1 or 0, a time in ISO 8601 (UTC where it names no zone), any string, or the numbers of a
    /// vector between blanks, commas or semicolons, in brackets or without.
    /// </param>
    /// <returns>Whether it could be read.</returns>
    /// <exception cref="FeatureMismatchException">The field is another view's.</exception>
    /// <exception cref="InvalidOperationException">The row is complete.</exception>
    public bool SetText(FeatureField field, ReadOnlySpan<char> text)
    {
        if (!BeginSet(field))
        {
            return true;
        }

        if (FeatureText.TryRead(field, text, GetOwn()))
        {
            return true;
        }

        SetWrongType(field, text.Length > 40 ? $"'{text[..40]}...'" : $"'{text}'");
        return false;
    }

    /// <summary>Reads a field of any type from a text in UTF-8, as <see cref="SetText"/> does.</summary>
    /// <param name="field">A field of the view.</param>
    /// <param name="utf8Text">The text.</param>
    /// <returns>Whether it could be read.</returns>
    /// <exception cref="FeatureMismatchException">The field is another view's.</exception>
    /// <exception cref="InvalidOperationException">The row is complete.</exception>
    public bool SetUtf8(FeatureField field, ReadOnlySpan<byte> utf8Text)
    {
        ArgumentNullException.ThrowIfNull(field);
        if (field is FeatureField<string> text)
        {
            if (BeginSet(field))
            {
                Set(text, Encoding.UTF8.GetString(utf8Text));
            }

            return true;
        }

        if (utf8Text.Length <= MaxScalarLength)
        {
            Span<char> chars = stackalloc char[MaxScalarLength];
            return SetText(field, chars[..Encoding.UTF8.GetChars(utf8Text, chars)]);
        }

        char[] rented = ArrayPool<char>.Shared.Rent(utf8Text.Length);
        bool isRead = SetText(field, rented.AsSpan(0, Encoding.UTF8.GetChars(utf8Text, rented)));
        ArrayPool<char>.Shared.Return(rented);
        return isRead;
    }

    /// <summary>Records that what is stored for a field is not of its type: the field has its default, the others are as they are.</summary>
    /// <param name="field">A field of the view.</param>
    /// <param name="found">What was found, in words; for the error message.</param>
    /// <exception cref="FeatureMismatchException">The field is another view's.</exception>
    /// <exception cref="InvalidOperationException">The row is complete.</exception>
    public void SetWrongType(FeatureField field, string found)
    {
        if (BeginSet(field))
        {
            GetOwn().SetWrongType(field.Ordinal, found);
        }
    }

    private bool BeginSet(FeatureField field)
    {
        ArgumentNullException.ThrowIfNull(field);
        if (field.View != View)
        {
            throw FeatureMismatchException.OtherField(View, field);
        }

        return CanChange();
    }

    private FeatureRowData GetOwn() => _data = _own ??= new FeatureRowData(View);
}
