using System.Text;
using Quorate.Server.Http;

namespace Quorate.Server.Tests.Http;

public sealed class KeyPairReaderTests
{
    [Theory]
    [InlineData("{\"a\":\"1\"}", "a=1")]
    [InlineData(" {\"a\" : \"1\" , \"b\":\"\"}\n", "a=1 b=")]
    [InlineData("{\"\\u0061\\n\":\"\\\"\\u00e9\\ud83d\\ude00\"}", "a\n=\"é😀")]
    [InlineData("{\"a\":\"1\",\"A\":\"2\"}", "a=1 A=2")]
    public void Pairs_come_in_the_order_of_the_body(string body, string expected)
    {
        var pairs = new List<KeyPair>();

        Assert.Null(KeyPairReader.Read(Encoding.UTF8.GetBytes(body), base64: false, pairs));

        var shown = pairs.Select(pair => $"{Text(pair.Key)}={Text(pair.Value)}");
        Assert.Equal(expected, string.Join(' ', shown));
    }

    [Fact]
    public void Values_can_be_base64()
    {
        var pairs = new List<KeyPair>();

        Assert.Null(KeyPairReader.Read("{\"a\":\"AP8=\",\"b\":\"\\u0041A==\"}"u8.ToArray(), base64: true, pairs));

        Assert.Equal([0, 255], pairs[0].Value.ToArray());
        Assert.Equal([0], pairs[1].Value.ToArray());
    }

    [Theory]
    [InlineData("", "the body is empty; it must be a JSON object such as {\"key\":\"value\"}")]
    [InlineData("[]", "the body must be a JSON object such as {\"key\":\"value\"}, not an array")]
    [InlineData("\"a\"", "the body must be a JSON object such as {\"key\":\"value\"}, not a string")]
    [InlineData("{}", "the body names no key")]
    [InlineData("{\"a\":1}", "the value of \"a\" at byte 6 must be a string, not a number")]
    [InlineData("{\"a\":null}", "the value of \"a\" at byte 6 must be a string, not null")]
    [InlineData("{\"a\":true}", "the value of \"a\" at byte 6 must be a string, not true or false")]
    [InlineData("{\"a\":{\"b\":\"c\"}}", "the value of \"a\" at byte 6 must be a string, not an object")]
    [InlineData("{\"a\":[\"b\"]}", "the value of \"a\" at byte 6 must be a string, not an array")]
    [InlineData("{\"\":\"b\"}", "the key at byte 2 is empty")]
    [InlineData("{\"a\":\"1\",\"b\":\"2\",\"\\u0061\":\"3\"}", "the key \"a\" stands twice in the body")]
    [InlineData(
        "{\"a\":\"\\ud800\"}",
        "the value of \"a\" at byte 6 is not valid UTF-8; send bytes with ?encoding=base64")]
    [InlineData(
        "{\"\\udc00\":\"\"}", "the key at byte 2 is not valid UTF-8; give such keys as ?key=<base64url>")]
    public void Faults_are_named_with_their_place(string body, string fault) =>
        Assert.Equal(fault, KeyPairReader.Read(Encoding.UTF8.GetBytes(body), base64: false, []));

    [Theory]
    [InlineData("{\"a\":\"b\"", "(line 1, byte 9)")]
    [InlineData("{\"a\"}", "(line 1, byte 5)")]
    [InlineData("{\n\"a\":\n'b'}", "(line 3, byte 1)")]
    [InlineData("{\"a\":\"b\",}", "(line 1, byte 10)")]
    [InlineData("{\"a\":\"b\"}x", "(line 1, byte 10)")]
    [InlineData("{\"a\":\"b\"}{}", "(line 1, byte 10)")]
    [InlineData("hello", "(line 1, byte 1)")]
    [InlineData("{\"a\":\"\\x\"}", "(line 1, byte 8)")]
    public void Broken_json_is_named_with_line_and_byte(string body, string place)
    {
        var fault = KeyPairReader.Read(Encoding.UTF8.GetBytes(body), base64: false, []);

        Assert.StartsWith("the body is not valid JSON: ", fault, StringComparison.Ordinal);
        Assert.EndsWith(place, fault, StringComparison.Ordinal);
    }

    [Fact]
    public void Bytes_that_are_no_text_are_refused()
    {
        byte[] body = [.. "{\"a\":\""u8, 0xff, .. "\"}"u8];

        var fault = KeyPairReader.Read(body, base64: false, []);

        Assert.NotNull(fault);
    }

    [Theory]
    [InlineData("{\"a\":\"A\"}")]
    [InlineData("{\"a\":\"AP8\"}")]
    [InlineData("{\"a\":\"A_8=\"}")]
    public void Wrong_base64_is_named(string body) => Assert.Equal(
        "the value of \"a\" at byte 6 is not base64",
        KeyPairReader.Read(Encoding.UTF8.GetBytes(body), base64: true, []));

    [Fact]
    public void A_body_cut_anywhere_is_a_fault_and_never_an_exception()
    {
        var whole = "{\"a\\u0062\":\"\\ud83d\\ude00é\",\"c\":\"AP8=\"}"u8.ToArray();

        for (var cut = 0; cut < whole.Length; cut++)
        {
            Assert.NotNull(KeyPairReader.Read(whole.AsMemory(0, cut), base64: false, []));
        }
    }

    private static string Text(ReadOnlyMemory<byte> bytes) => Encoding.UTF8.GetString(bytes.Span);
}
