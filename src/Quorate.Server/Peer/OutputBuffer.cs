using Quorate.Raft;

namespace Quorate.Server;

/// <summary>
/// Bytes on their way out: one half is being sent while the other gathers what comes meanwhile, which then leaves in
/// one piece. Not thread-safe. Invariant: both halves together never hold more than the bound.
/// </summary>
internal sealed class OutputBuffer(int bytesMax)
{
    private const int KeptBytesMax = 1024 * 1024;
    private byte[] _gathering = [];
    private byte[] _sending = [];
    private int _gathered;
    private int _toSend;
    private int _sent;

    /// <summary>Bytes that wait or are on their way.</summary>
    public int Length => _gathered + _toSend - _sent;

    /// <summary>Takes all of it, or nothing when the bound would be passed.</summary>
    public bool TryAdd(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length > bytesMax - Length)
        {
            return false;
        }

        var needed = _gathered + bytes.Length;
        if (needed > _gathering.Length)
        {
            Array.Resize(ref _gathering, (int)Math.Min(bytesMax, Math.Max(needed, 2L * _gathering.Length)));
        }

        bytes.CopyTo(_gathering.AsSpan(_gathered));
        _gathered = needed;
        return true;
    }

    /// <summary>What to send next; empty when there is nothing.</summary>
    public Memory<byte> Next()
    {
        if (_sent == _toSend)
        {
            (_gathering, _sending) = (Kept(_sending), _gathering);
            (_gathered, _toSend, _sent) = (0, _gathered, 0);
        }

        return _sending.AsMemory(_sent, _toSend - _sent);
    }

    /// <summary>So many bytes of it are gone.</summary>
    public void Sent(int count)
    {
        _sent += count;
        Invariant.Holds(_sent <= _toSend, "no more is sent than was to be sent");
    }

    private static byte[] Kept(byte[] memory) => memory.Length <= KeptBytesMax ? memory : [];
}
