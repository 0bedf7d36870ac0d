using System.Runtime.InteropServices;

namespace Quorate.Mvcc;

/// <summary>
/// One version of one key as it lies in a chunk: this head, the key's bytes, the value's bytes, zeros up to the next
/// multiple of 8. Everything is written before its batch is published and never changes, but three fields: a newer
/// version sets <see cref="Successor"/> and <see cref="SupersededAt"/>, and local rewriting moves
/// <see cref="Previous"/> and <see cref="Successor"/>; each is one aligned 8-byte store.
/// </summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct Record
{
    public const int HeadBytes = 72;
    public const int Alignment = 8;
    private const uint TombstoneFlag = 1;

    /// <summary>Position of the key's version before this one; 0 is none, or none that can be asked for.</summary>
    public ulong Previous;

    /// <summary>Position of the key's version after this one; 0 is none. Used by the writer only.</summary>
    public ulong Successor;

    /// <summary>Revision of the version after this one; 0 while this is the newest.</summary>
    public long SupersededAt;

    /// <summary>The revision that wrote this version.</summary>
    public long ModRevision;

    /// <summary>The revision that began this life of the key; 0 in a tombstone.</summary>
    public long CreateRevision;

    /// <summary>The number of puts in this life of the key; 0 in a tombstone.</summary>
    public long Version;

    /// <summary>The lease; 0 is none.</summary>
    public long Lease;

    /// <summary>The place among the changes of its revision, from 0.</summary>
    public uint SubRevision;

    /// <summary>Bytes of the key.</summary>
    public int KeyLength;

    /// <summary>Bytes of the value.</summary>
    public int ValueLength;

    private uint _flags;

    /// <summary>Whether the key was deleted here.</summary>
    public bool IsTombstone
    {
        readonly get => (_flags & TombstoneFlag) != 0;
        set => _flags = value ? TombstoneFlag : 0;
    }

    /// <summary>Bytes from this record to the next.</summary>
    public readonly int Bytes => BytesOf(KeyLength, ValueLength);

    /// <summary>Bytes that a record of such a key and value takes.</summary>
    public static int BytesOf(int keyLength, int valueLength) =>
        checked(HeadBytes + keyLength + valueLength + Alignment - 1) & -Alignment;

    /// <summary>The key's bytes.</summary>
    public static ReadOnlySpan<byte> Key(Record* record) =>
        new((byte*)record + HeadBytes, record->KeyLength);

    /// <summary>The value's bytes.</summary>
    public static ReadOnlySpan<byte> Value(Record* record) =>
        new((byte*)record + HeadBytes + record->KeyLength, record->ValueLength);

    /// <summary>
    /// Whether anybody may still ask for a version once history below <paramref name="compact"/> is given up: it is
    /// newer, or it is its key's newest at that revision and, if a tombstone, stands exactly there.
    /// </summary>
    public static bool IsKept(Record* record, long compact)
    {
        if (record->ModRevision > compact)
        {
            return true;
        }

        var supersededAt = Volatile.Read(ref record->SupersededAt);
        return (supersededAt == 0 || supersededAt > compact)
            && !(record->IsTombstone && record->ModRevision < compact);
    }

    /// <summary>A copy of the version that outlives the record.</summary>
    public static KeyValue ToKeyValue(Record* record, bool keysOnly = false)
    {
        var valueLength = keysOnly ? 0 : record->ValueLength;
        var bytes = new byte[record->KeyLength + valueLength];
        new ReadOnlySpan<byte>((byte*)record + HeadBytes, bytes.Length).CopyTo(bytes);
        return new KeyValue
        {
            Key = bytes.AsMemory(0, record->KeyLength),
            Value = bytes.AsMemory(record->KeyLength),
            CreateRevision = new Revision(record->CreateRevision),
            ModRevision = new Revision(record->ModRevision),
            Version = record->Version,
            Lease = record->Lease,
        };
    }
}
