using Quorate.Raft;

namespace Quorate.Node;

/// <summary>A refused handshake: the reason, and words that name both sides.</summary>
internal readonly record struct HandshakeRefusal(RefusedBecause Because, string Words)
{
    public const int WordsBytesMax = 1024;

    public void Write(PeerBuffer target)
    {
        var start = PeerFrame.Begin(target, PeerFrameKind.Refuse);
        target.U8((byte)Because);
        target.String(Cut(Words));
        Invariant.Holds(PeerFrame.End(target, start), "a refusal fits its frame");
    }

    public static bool TryRead(ReadOnlySpan<byte> body, out HandshakeRefusal refusal)
    {
        var reader = new PeerReader(body);
        reader.Bytes(PeerFrame.BodyHeadBytes);
        refusal = new HandshakeRefusal((RefusedBecause)reader.U8(), reader.String(0, WordsBytesMax));
        return !reader.Failed;
    }

    // A letter of UTF-16 takes at most three bytes of UTF-8.
    private static string Cut(string words) => words.Length <= WordsBytesMax / 3 ? words : words[..(WordsBytesMax / 3)];
}
