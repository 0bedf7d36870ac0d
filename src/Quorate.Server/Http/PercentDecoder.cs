namespace Quorate.Server.Http;

/// <summary>Why a percent-encoded text could not be decoded.</summary>
internal enum PercentFault
{
    /// <summary>Nothing is wrong.</summary>
    None,

    /// <summary>A percent sign without two hexadecimal digits behind it.</summary>
    BadEscape,

    /// <summary>A character outside ASCII that should have been encoded.</summary>
    NotAscii,

    /// <summary>A zero byte. Many a proxy and server refuses it in a path, this one's HTTP parser too.</summary>
    Zero,
}

/// <summary>Decodes percent-encoded text to bytes, once: <c>%2F</c> becomes a slash, a plus stays a plus.</summary>
internal static class PercentDecoder
{
    /// <summary>Decodes <paramref name="text"/>; the bytes are at most as many as the characters.</summary>
    /// <param name="text">What came over the wire.</param>
    /// <param name="bytes">The decoded bytes; empty when there is a fault.</param>
    /// <param name="faultAt">Where in the text the fault is.</param>
    public static PercentFault Decode(ReadOnlySpan<char> text, out byte[] bytes, out int faultAt)
    {
        bytes = [];
        var fault = Measure(text, out var length, out faultAt);
        if (fault != PercentFault.None)
        {
            return fault;
        }

        bytes = new byte[length];
        var at = 0;
        for (var i = 0; i < text.Length; at++)
        {
            var escaped = text[i] == '%';
            bytes[at] = escaped ? Value(text[i + 1], text[i + 2]) : (byte)text[i];
            i += escaped ? 3 : 1;
        }

        return PercentFault.None;
    }

    private static PercentFault Measure(ReadOnlySpan<char> text, out int length, out int faultAt)
    {
        length = 0;
        faultAt = 0;
        while (faultAt < text.Length)
        {
            var fault = Judge(text[faultAt..], out var taken);
            if (fault != PercentFault.None)
            {
                return fault;
            }

            faultAt += taken;
            length++;
        }

        return PercentFault.None;
    }

    private static PercentFault Judge(ReadOnlySpan<char> text, out int taken)
    {
        taken = 1;
        if (text[0] != '%')
        {
            return text[0] == 0 ? PercentFault.Zero : char.IsAscii(text[0]) ? PercentFault.None : PercentFault.NotAscii;
        }

        if (text.Length < 3 || !char.IsAsciiHexDigit(text[1]) || !char.IsAsciiHexDigit(text[2]))
        {
            return PercentFault.BadEscape;
        }

        taken = 3;
        return Value(text[1], text[2]) == 0 ? PercentFault.Zero : PercentFault.None;
    }

    private static byte Value(char high, char low) => (byte)((Digit(high) << 4) | Digit(low));

    private static int Digit(char digit) => digit <= '9' ? digit - '0' : (digit | 0x20) - 'a' + 10;
}
