using System.Diagnostics.CodeAnalysis;
using System.Text;
using Quorate.Raft;

namespace Quorate.Node;

/// <content>Changes of the members, on their way to the leader and back; see docs/format/peer.md.</content>
public static partial class PeerCodec
{
    private enum ChangeKind : byte
    {
        Add = 1,
        Announce = 2,
        Update = 3,
        Promote = 4,
        Remove = 5,
        Replace = 6,
    }

    internal static bool TryWriteChange(PeerBuffer target, NodeId from, NodeId to, ChangeRequest request)
    {
        var start = PeerFrame.Begin(target, PeerFrameKind.ChangeRequest);
        WriteHead(target, from, to, Term.Zero);
        target.Proposal(request.Proposal);
        target.Bool(request.Force);
        target.U32(request.TimeoutMs);
        switch (request.Change)
        {
            case MemberChange.Add add:
                WriteChange(target, ChangeKind.Add, NodeId.None, add.Name, add.PeerUrls, add.StaysLearner);
                break;
            case MemberChange.Announce announce:
                WriteChange(target, ChangeKind.Announce, NodeId.None, "", announce.PeerUrls, announce.StaysLearner);
                break;
            case MemberChange.Update update:
                WriteChange(target, ChangeKind.Update, update.Member, "", update.PeerUrls, staysLearner: false);
                break;
            case MemberChange.Promote promote:
                WriteChange(target, ChangeKind.Promote, promote.Member, "", [], staysLearner: false);
                break;
            case MemberChange.Remove remove:
                WriteChange(target, ChangeKind.Remove, remove.Member, "", [], staysLearner: false);
                break;
            case MemberChange.Replace replace:
                WriteChange(
                    target, ChangeKind.Replace, replace.Member, replace.Name, replace.PeerUrls, staysLearner: false);
                break;
        }

        return PeerFrame.End(target, start);
    }

    internal static bool TryReadChange(ReadOnlySpan<byte> body, [NotNullWhen(true)] out ChangeRequest? request)
    {
        var reader = new PeerReader(body);
        var head = ReadHead(ref reader);
        var proposal = reader.Proposal();
        var force = reader.Bool();
        var timeoutMs = reader.U32();
        var change = ReadChange(ref reader);
        var good = reader.IsWhole && change is not null && proposal.Member == head.From;
        request = good ? new ChangeRequest(proposal, change!, force, timeoutMs) : null;
        return good;
    }

    internal static bool TryWriteChangeAnswer(PeerBuffer target, NodeId from, NodeId to, ChangeAnswer answer)
    {
        var start = PeerFrame.Begin(target, PeerFrameKind.ChangeAnswer);
        WriteHead(target, from, to, Term.Zero);
        target.Proposal(answer.Proposal);
        target.U8((byte)answer.Verdict);
        target.U8((byte)(answer.Refused ?? 0));
        target.U64(answer.Member.Value);
        target.String(Cut(answer.Words));
        return PeerFrame.End(target, start);
    }

    internal static bool TryReadChangeAnswer(ReadOnlySpan<byte> body, [NotNullWhen(true)] out ChangeAnswer? answer)
    {
        var reader = new PeerReader(body);
        ReadHead(ref reader);
        var proposal = reader.Proposal();
        var verdict = (ChangeVerdict)reader.U8();
        var refused = (ChangeRefusal)reader.U8();
        var member = reader.Node();
        var words = reader.String(0, ChangeAnswer.WordsBytesMax);
        var isRefusal = verdict == ChangeVerdict.Refused;
        var good = reader.IsWhole && Enum.IsDefined(verdict) && isRefusal == (refused != 0);
        answer = good ? new ChangeAnswer(proposal, verdict, isRefusal ? refused : null, member, words) : null;
        return good;
    }

    private static void WriteChange(
        PeerBuffer target, ChangeKind kind, NodeId member, string name, IReadOnlyList<string> urls, bool staysLearner)
    {
        target.U8((byte)kind);
        target.U64(member.Value);
        target.String(name);
        target.Bool(staysLearner);
        target.U8((byte)urls.Count);
        foreach (var url in urls)
        {
            target.String(url);
        }
    }

    private static MemberChange? ReadChange(ref PeerReader reader)
    {
        var kind = (ChangeKind)reader.U8();
        var member = reader.Node();
        var name = reader.String(0, PeerHello.NameBytesMax);
        var staysLearner = reader.Bool();
        var urls = PeerHello.ReadUrls(ref reader);
        return kind switch
        {
            ChangeKind.Add => new MemberChange.Add(name, urls, staysLearner),
            ChangeKind.Announce => new MemberChange.Announce(urls, staysLearner),
            ChangeKind.Update => new MemberChange.Update(member, urls),
            ChangeKind.Promote => new MemberChange.Promote(member),
            ChangeKind.Remove => new MemberChange.Remove(member),
            ChangeKind.Replace => new MemberChange.Replace(member, name, urls),
            _ => null,
        };
    }

    private static string Cut(string words)
    {
        var printable = string.Concat(words.Where(letter => !char.IsControl(letter)));
        while (Encoding.UTF8.GetByteCount(printable) > ChangeAnswer.WordsBytesMax)
        {
            printable = printable[..(printable.Length - 1)];
        }

        return printable;
    }
}
