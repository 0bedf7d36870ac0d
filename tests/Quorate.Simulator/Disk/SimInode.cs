namespace Quorate.Simulator;

/// <summary>
/// One file of a simulated disk: what processes see (the page cache) and what would be left after a power failure.
/// </summary>
/// <remarks>
/// Law: with no write in <see cref="_unsynced"/> and no sync that ever failed, both are equal. A kill of the process
/// leaves the page cache as it is; a power failure decides write by write.
/// </remarks>
internal sealed class SimInode
{
    private const int SectorBytes = 512;
    private readonly List<UnsyncedWrite> _unsynced = [];
    private byte[] _cached = [];
    private byte[] _stable = [];
    private int _cachedLength;
    private int _stableLength;

    public int Length => _cachedLength;

    public bool HasUnsynced => _unsynced.Count > 0;

    /// <summary>What a reader sees.</summary>
    public ReadOnlySpan<byte> Cached => _cached.AsSpan(0, _cachedLength);

    /// <summary>What surely survives a power failure.</summary>
    public ReadOnlySpan<byte> Stable => _stable.AsSpan(0, _stableLength);

    /// <summary>Whether a part of the file would survive a power failure as it is.</summary>
    public bool IsStable(long offset, long length)
    {
        var end = Math.Min(offset + length, Math.Max(_cachedLength, _stableLength));
        var (from, to) = ((int)Math.Min(offset, end), (int)end);
        return to <= _stableLength && to <= _cachedLength
            && _cached.AsSpan(from, to - from).SequenceEqual(_stable.AsSpan(from, to - from));
    }

    public void Write(int offset, ReadOnlySpan<byte> bytes)
    {
        var copy = bytes.ToArray();
        Put(ref _cached, ref _cachedLength, offset, copy);
        _unsynced.Add(new UnsyncedWrite(offset, copy));
    }

    public void SetLength(int length)
    {
        Cut(ref _cached, ref _cachedLength, length);
        _unsynced.Add(new UnsyncedWrite(length, null));
    }

    /// <summary>Everything written so far is stable from here on.</summary>
    public void Sync()
    {
        foreach (var write in _unsynced)
        {
            Apply(write);
        }

        _unsynced.Clear();
    }

    /// <summary>
    /// A sync that fails, as on Linux: the pages are marked clean whatever reached the disk, so that the next sync
    /// "succeeds" and the old bytes come back after a power failure (fsync, ATC'20).
    /// </summary>
    public void FailSync(SimRandom random)
    {
        foreach (var write in _unsynced)
        {
            ApplyByChance(write, random);
        }

        _unsynced.Clear();
    }

    /// <summary>A power failure: each unsynced write is kept, dropped or torn; the page cache is gone.</summary>
    public void LosePower(SimRandom random)
    {
        FailSync(random);
        _cached = _stable.AsSpan(0, _stableLength).ToArray();
        _cachedLength = _stableLength;
    }

    private void ApplyByChance(UnsyncedWrite write, SimRandom random)
    {
        switch (random.Below(3))
        {
            case 0:
                Apply(write);
                break;
            case 1 when write.Bytes is not null:
                Tear(write.Offset, write.Bytes, random);
                break;
        }
    }

    private void Tear(int offset, byte[] bytes, SimRandom random)
    {
        switch (random.Below(3))
        {
            case 0:
                ApplyPart(offset, bytes, 0, random.Below(bytes.Length + 1));
                break;
            case 1:
                var sectors = bytes.Length / SectorBytes;
                ApplyPart(offset, bytes, 0, random.Below(sectors + 1) * SectorBytes);
                break;
            default:
                for (var from = 0; from < bytes.Length; from += SectorBytes)
                {
                    if (random.Chance(0.5))
                    {
                        ApplyPart(offset, bytes, from, Math.Min(from + SectorBytes, bytes.Length));
                    }
                }

                break;
        }
    }

    private void ApplyPart(int offset, byte[] bytes, int from, int to)
    {
        if (to > from)
        {
            Put(ref _stable, ref _stableLength, offset + from, bytes.AsSpan(from, to - from));
        }
    }

    private void Apply(UnsyncedWrite write)
    {
        if (write.Bytes is null)
        {
            Cut(ref _stable, ref _stableLength, write.Offset);
        }
        else
        {
            Put(ref _stable, ref _stableLength, write.Offset, write.Bytes);
        }
    }

    private static void Put(ref byte[] content, ref int length, int offset, ReadOnlySpan<byte> bytes)
    {
        Reserve(ref content, offset + bytes.Length);
        bytes.CopyTo(content.AsSpan(offset));
        length = Math.Max(length, offset + bytes.Length);
    }

    private static void Cut(ref byte[] content, ref int length, int to)
    {
        Reserve(ref content, to);
        if (to < length)
        {
            content.AsSpan(to, length - to).Clear();
        }

        length = to;
    }

    private static void Reserve(ref byte[] content, int bytes)
    {
        if (bytes > content.Length)
        {
            Array.Resize(ref content, Math.Max(bytes, content.Length * 2));
        }
    }

    // Bytes null: the length was set to Offset.
    private readonly record struct UnsyncedWrite(int Offset, byte[]? Bytes);
}
