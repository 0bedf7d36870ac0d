using System.Buffers.Binary;
using Quorate.Raft;

namespace Quorate.Storage;

/// <summary>What a slot says: this frame was durable, and the log with it ended there.</summary>
internal readonly record struct SlotState(ulong Number, ulong Hash, EntryId Last, HardState HardState);

/// <summary>
/// The small file beside the log whose two blocks are written in turn when term or vote change and when the log falls
/// idle, always after the frame itself is durable; see docs/format/wal.md. A log that ends before it is damaged.
/// </summary>
internal sealed class StateSlots : IDisposable
{
    public const string Name = "slots";

    private const int BlockBytes = 512;
    private const int ChecksumOffset = 68;

    private readonly IFile _file;
    private readonly uint _seed;
    private ulong _sequence;

    private StateSlots(IFile file, uint seed, ulong sequence, SlotState newest)
    {
        _file = file;
        _seed = seed;
        _sequence = sequence;
        Newest = newest;
    }

    /// <summary>The newest slot when the file was opened.</summary>
    public SlotState Newest { get; }

    private static ReadOnlySpan<byte> Magic => "QWALSLOT"u8;

    /// <summary>Makes the file, with both blocks saying that there is no frame.</summary>
    public static void Create(IFileSystem files, string directory, LogIdentity identity)
    {
        var blocks = new byte[2 * BlockBytes];
        Encode(blocks, sequence: 0, default, identity.Seed());
        Encode(blocks.AsSpan(BlockBytes), sequence: 1, default, identity.Seed());
        AtomicFile.Write(files, directory, Name, blocks);
    }

    public static StateSlots Open(IFileSystem files, string directory, LogIdentity identity)
    {
        var path = Path.Join(directory, Name);
        var blocks = ReadBlocks(files, path);
        var seed = identity.Seed();
        var first = TryDecode(blocks, block: 0, seed, out var firstSequence, out var firstState);
        var second = TryDecode(blocks, block: 1, seed, out var secondSequence, out var secondState);
        if (!first && !second)
        {
            throw new DamageException(path, 0, "neither of the two slots is valid");
        }

        // One block may be torn by a crash: the two are never written at once.
        var firstIsNewer = first && (!second || firstSequence > secondSequence);
        return new StateSlots(
            files.Open(path, writable: true),
            seed,
            firstIsNewer ? firstSequence : secondSequence,
            firstIsNewer ? firstState : secondState);
    }

    /// <summary>Plans the next slot; to be run when the frame it names is durable.</summary>
    public SlotWrite Next(SlotState state)
    {
        _sequence++;
        var block = new byte[BlockBytes];
        Encode(block, _sequence, state, _seed);
        return new SlotWrite(_file, (long)(_sequence % 2) * BlockBytes, block);
    }

    public void Dispose() => _file.Dispose();

    private static byte[] ReadBlocks(IFileSystem files, string path)
    {
        using var file = files.Open(path, writable: false);
        return DamageCheck.ReadAll(file);
    }

    private static void Encode(Span<byte> target, ulong sequence, SlotState state, uint seed)
    {
        Magic.CopyTo(target);
        BinaryPrimitives.WriteUInt64LittleEndian(target[8..], sequence);
        BinaryPrimitives.WriteUInt64LittleEndian(target[16..], state.Number);
        BinaryPrimitives.WriteUInt64LittleEndian(target[24..], state.Hash);
        EntryIdBytes.Write(target[32..], state.Last);
        BinaryPrimitives.WriteUInt64LittleEndian(target[48..], state.HardState.Term.Value);
        BinaryPrimitives.WriteUInt64LittleEndian(target[56..], state.HardState.Vote.Value);
        var checksum = Crc32C.Finish(Crc32C.Append(seed, target[..ChecksumOffset]));
        BinaryPrimitives.WriteUInt32LittleEndian(target[ChecksumOffset..], checksum);
    }

    private static bool TryDecode(
        ReadOnlySpan<byte> blocks, int block, uint seed, out ulong sequence, out SlotState state)
    {
        sequence = 0;
        state = default;
        if (blocks.Length < (block + 1) * BlockBytes)
        {
            return false;
        }

        var source = blocks.Slice(block * BlockBytes, BlockBytes);
        var checksum = Crc32C.Finish(Crc32C.Append(seed, source[..ChecksumOffset]));
        if (!source.StartsWith(Magic) || checksum != BinaryPrimitives.ReadUInt32LittleEndian(source[ChecksumOffset..]))
        {
            return false;
        }

        sequence = BinaryPrimitives.ReadUInt64LittleEndian(source[8..]);
        state = new SlotState(
            BinaryPrimitives.ReadUInt64LittleEndian(source[16..]),
            BinaryPrimitives.ReadUInt64LittleEndian(source[24..]),
            EntryIdBytes.Read(source[32..]),
            new HardState(
                new Term(BinaryPrimitives.ReadUInt64LittleEndian(source[48..])),
                new NodeId(BinaryPrimitives.ReadUInt64LittleEndian(source[56..]))));
        return true;
    }
}

/// <summary>One slot on its way to the disk.</summary>
internal sealed class SlotWrite(IFile file, long offset, byte[] block)
{
    public void Run()
    {
        file.Write(offset, block);
        file.Sync();
    }
}
