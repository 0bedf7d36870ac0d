using Quorate.Raft;

namespace Quorate.Server;

/// <summary>
/// Bytes that came and are not understood yet. Small while frames are; grows for a large one up to its bound, and
/// gives that memory back after it. Invariant: 0 &lt;= start &lt;= end &lt;= length of the memory.
/// </summary>
internal sealed class InputBuffer(int bytesMax)
{
    /// <summary>Its size while frames are small.</summary>
    public const int FirstBytes = 64 * 1024;

    private const int KeptBytesMax = 1024 * 1024;
    private byte[] _bytes = new byte[FirstBytes];
    private int _start;
    private int _end;

    /// <summary>What is there.</summary>
    public ReadOnlySpan<byte> Filled => _bytes.AsSpan(_start, _end - _start);

    /// <summary>Room for more; empty when the bound is reached.</summary>
    public Memory<byte> Free()
    {
        if (_end == _bytes.Length)
        {
            MakeRoom();
        }

        return _bytes.AsMemory(_end);
    }

    /// <summary>So many bytes came into the room.</summary>
    public void Came(int count)
    {
        _end += count;
        Invariant.Holds(_end <= _bytes.Length, "what comes fits the room that was given");
    }

    /// <summary>So many bytes are understood.</summary>
    public void Used(int count)
    {
        _start += count;
        Invariant.Holds(_start <= _end, "no more is understood than came");
        if (_start < _end)
        {
            return;
        }

        _start = 0;
        _end = 0;
        if (_bytes.Length > KeptBytesMax)
        {
            _bytes = new byte[FirstBytes];
        }
    }

    // Moves the unfinished frame to the front; memory grows only when it fills more than half.
    private void MakeRoom()
    {
        var filled = _end - _start;
        var mustGrow = filled > _bytes.Length / 2 && _bytes.Length < bytesMax;
        var grown = mustGrow ? new byte[Math.Min(bytesMax, 2L * _bytes.Length)] : _bytes;
        Filled.CopyTo(grown);
        _bytes = grown;
        _start = 0;
        _end = filled;
    }
}
