using System.Runtime.InteropServices;

namespace Quorate.Mvcc;

/// <summary>What a block of index memory is. Anything else is memory that was freed.</summary>
internal enum BlockKind : byte
{
    /// <summary>A node whose values are record positions.</summary>
    Leaf = 1,

    /// <summary>A node whose values are child nodes.</summary>
    Inner = 2,

    /// <summary>A key that separates two children.</summary>
    Separator = 3,
}

/// <summary>What every block of index memory begins with.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct BlockHead
{
    /// <summary>The batch that made the block; it changes in that batch only.</summary>
    public long BornIn;

    /// <summary>Bytes of the whole block.</summary>
    public int Bytes;

    /// <summary>What it is.</summary>
    public BlockKind Kind;

    /// <summary>Entries in use, in a node.</summary>
    public byte Count;

    /// <summary>Bytes of the common prefix, in a node.</summary>
    public ushort PrefixLength;
}

/// <summary>
/// A node of the B+tree. The keys of a node share <see cref="Prefix"/>; <see cref="Heads"/> holds, big endian, the 8
/// bytes behind it, so that a search mostly compares numbers. A leaf's value is a record position whose lowest bit
/// says "tombstone"; its keys are read from the records. An inner node's child i holds the keys from separator i on,
/// child 0 those below separator 1. A leaf block ends before <see cref="Separators"/>.
/// </summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct IndexNode
{
    public const int EntriesMax = 64;
    public const int PrefixMax = 48;
    public const int LeafBytes = 16 + PrefixMax + (2 * EntriesMax * sizeof(ulong));
    public const int InnerBytes = LeafBytes + (EntriesMax * sizeof(ulong));

    public BlockHead Head;
    public fixed byte Prefix[PrefixMax];
    public fixed ulong Heads[EntriesMax];
    public fixed ulong Values[EntriesMax];
    public fixed ulong Separators[EntriesMax];

    /// <summary>The first entry that has a key: a leaf's first, an inner node's second.</summary>
    public readonly int FirstKey => Head.Kind == BlockKind.Leaf ? 0 : 1;

    public static ReadOnlySpan<byte> PrefixOf(IndexNode* node) => new(node->Prefix, node->Head.PrefixLength);

    public static IndexNode* Child(IndexNode* node, int at) => (IndexNode*)node->Values[at];

    /// <summary>The bytes of a separator block.</summary>
    public static ReadOnlySpan<byte> SeparatorKey(ulong separator)
    {
        var head = (BlockHead*)separator;
        return new ReadOnlySpan<byte>((byte*)separator + sizeof(BlockHead), head->Bytes - sizeof(BlockHead));
    }

    /// <summary>The first 8 bytes of a suffix as a number that sorts as they do; zeros behind its end.</summary>
    public static ulong HeadOf(ReadOnlySpan<byte> suffix)
    {
        if (suffix.Length >= sizeof(ulong))
        {
            return System.Buffers.Binary.BinaryPrimitives.ReadUInt64BigEndian(suffix);
        }

        ulong head = 0;
        for (var i = 0; i < suffix.Length; i++)
        {
            head |= (ulong)suffix[i] << (56 - (8 * i));
        }

        return head;
    }
}
