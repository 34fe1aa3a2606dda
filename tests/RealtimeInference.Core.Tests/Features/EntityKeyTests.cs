using System.Globalization;
using System.Text;

namespace RealtimeInference.Core.Tests.Features;

public sealed class EntityKeyTests
{
    [Theory]
    [InlineData("0", 0L)]
    [InlineData("42", 42L)]
    [InlineData("-7", -7L)]
    [InlineData("9223372036854775807", long.MaxValue)]
    [InlineData("-9223372036854775808", long.MinValue)]
    public void Equals_TextThatReadsAsTheNumber_IsTheSameKey(string text, long number)
    {
        EntityKey byText = text;
        EntityKey byNumber = number;

        byText.Should().Be(byNumber);
        byText.GetHashCode().Should().Be(byNumber.GetHashCode());
        byText.ToString().Should().Be(byNumber.ToString()).And.Be(text);
        byText.TryGetNumber(out long read).Should().BeTrue();
        read.Should().Be(number);
    }

    [Theory]
    [InlineData("042")]
    [InlineData("+42")]
    [InlineData(" 42")]
    [InlineData("42.0")]
    [InlineData("-0")]
    [InlineData("00")]
    [InlineData("9223372036854775808")]
    [InlineData("-")]
    [InlineData("٤٢")]
    public void Equals_TextWrittenOtherwise_IsAKeyOfItsOwn(string text)
    {
        EntityKey key = text;

        key.TryGetNumber(out _).Should().BeFalse();
        key.ToString().Should().Be(text);
        key.Should().NotBe((EntityKey)42).And.NotBe((EntityKey)0).And.Be((EntityKey)new string(text));
    }

    [Fact]
    public void Default_NullAndEmpty_AreNoKey()
    {
        new EntityKey[] { default, (string?)null, "" }.Should().OnlyContain(static k => k.IsEmpty && k == default && k.ToString().Length == 0);
        ((EntityKey)0).IsEmpty.Should().BeFalse();
        ((EntityKey)0).Should().NotBe(default(EntityKey));
    }

    [Fact]
    public void TryFormat_TextAndNumber_WritesWhatToStringSays()
    {
        foreach (EntityKey key in new EntityKey[] { "Zürich", 42, -1, default })
        {
            string.Create(CultureInfo.InvariantCulture, $"{key}").Should().Be(key.ToString());
            byte[] utf8 = new byte[32];
            key.TryFormat(utf8.AsSpan(), out int written, default, null).Should().BeTrue();
            Encoding.UTF8.GetString(utf8, 0, written).Should().Be(key.ToString());
        }

        ((EntityKey)"long").TryFormat(new char[3], out int chars, default, null).Should().BeFalse();
        ((EntityKey)1234).TryFormat(new byte[3].AsSpan(), out int bytes, default, null).Should().BeFalse();
        (chars + bytes).Should().Be(0);
    }
}
