using System.Buffers.Binary;
using Quorate.Raft;

namespace Quorate.Storage;

/// <summary>The content of the file <c>peers</c>; see docs/format/directory.md.</summary>
internal static class PeersFile
{
    private const int HeadBytes = 12;
    private const int NoteBytes = 24;

    private static ReadOnlySpan<byte> Magic => "QUORATPE"u8;

    public static byte[] ToBytes(IReadOnlyList<PeerNote> notes, LogIdentity identity)
    {
        var bytes = new byte[HeadBytes + (notes.Count * NoteBytes) + sizeof(uint)];
        Magic.CopyTo(bytes);
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(8), notes.Count);
        for (var i = 0; i < notes.Count; i++)
        {
            var target = bytes.AsSpan(HeadBytes + (i * NoteBytes));
            BinaryPrimitives.WriteUInt64LittleEndian(target, notes[i].Member.Value);
            BinaryPrimitives.WriteUInt128LittleEndian(target[8..], notes[i].Directory);
        }

        BinaryPrimitives.WriteUInt32LittleEndian(
            bytes.AsSpan(bytes.Length - 4), Crc32C.Finish(Crc32C.Append(identity.Seed(), bytes.AsSpan()[..^4])));
        return bytes;
    }

    /// <exception cref="DamageException">It is not what was written for this directory.</exception>
    public static List<PeerNote> Read(string path, ReadOnlySpan<byte> bytes, LogIdentity identity)
    {
        if (bytes.Length < HeadBytes + sizeof(uint)
            || !bytes.StartsWith(Magic)
            || (bytes.Length - HeadBytes - sizeof(uint)) % NoteBytes != 0
            || Crc32C.Finish(Crc32C.Append(identity.Seed(), bytes[..^4]))
                != BinaryPrimitives.ReadUInt32LittleEndian(bytes[^4..]))
        {
            throw new DamageException(path, 0, "these are not the notes of this directory, or they are damaged");
        }

        var notes = new List<PeerNote>();
        for (var source = bytes[HeadBytes..^4]; source.Length > 0; source = source[NoteBytes..])
        {
            notes.Add(new PeerNote(
                new NodeId(BinaryPrimitives.ReadUInt64LittleEndian(source)),
                BinaryPrimitives.ReadUInt128LittleEndian(source[8..])));
        }

        return notes;
    }
}
