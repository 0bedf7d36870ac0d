using System.Buffers.Text;
using System.Text;
using System.Text.Unicode;

namespace Quorate.Server.Http;

/// <summary>Keys in sentences.</summary>
internal static class KeyText
{
    private const int BytesMax = 200;

    /// <summary>A key as people read it; base64url when it is no text, cut when it is long.</summary>
    public static string Shown(ReadOnlySpan<byte> key)
    {
        if (!Utf8.IsValid(key))
        {
            return key.Length <= BytesMax
                ? Base64Url.EncodeToString(key)
                : Base64Url.EncodeToString(key[..BytesMax]) + "...";
        }

        return key.Length <= BytesMax ? Encoding.UTF8.GetString(key) : Encoding.UTF8.GetString(key[..BytesMax]) + "...";
    }
}
