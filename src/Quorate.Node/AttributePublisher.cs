using System.Buffers;
using Quorate.Mvcc;

namespace Quorate.Node;

/// <summary>
/// Tells everyone, through the log, what this member is called and where clients reach it; again until the
/// replicated table says so.
/// </summary>
internal sealed class AttributePublisher(MemberAttributes ours, int retryTicks) : IProposalWaiter
{
    private bool _underWay;
    private long _nextTick;

    /// <summary>The command to propose now, or null.</summary>
    public byte[]? Next(MemberTable table, bool hasLeader, long tick)
    {
        if (!hasLeader || Volatile.Read(ref _underWay) || tick < _nextTick || IsPublished(table))
        {
            return null;
        }

        _nextTick = tick + retryTicks;
        Volatile.Write(ref _underWay, true);
        var bytes = new ArrayBufferWriter<byte>();
        CommandCodec.Write(new MemberPublishCommand(ours.Id, ours.Name, ours.ClientUrls), bytes);
        return bytes.WrittenSpan.ToArray();
    }

    /// <inheritdoc/>
    public void Completed(in ProposeOutcome outcome) => Volatile.Write(ref _underWay, false);

    private bool IsPublished(MemberTable table) =>
        table.Find(ours.Id) is { } known
        && known.Name == ours.Name
        && known.ClientUrls.SequenceEqual(ours.ClientUrls);
}
