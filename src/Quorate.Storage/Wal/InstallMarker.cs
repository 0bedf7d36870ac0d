using System.Buffers.Binary;
using Quorate.Raft;

namespace Quorate.Storage;

/// <summary>
/// The record that says that a received snapshot took the place of the log; only in the log, never on the wire. The
/// shape of an <see cref="EntryRecord"/> of kind 128; see docs/format/wal.md.
/// </summary>
internal sealed record InstallMarker(SnapshotMetadata Metadata, bool KeepSuffix)
{
    public const byte Kind = 128;

    private const int ConfigIndexOffset = 8;
    private const int ConfigOffset = 16;

    public byte[] ToRecord()
    {
        var payload = new byte[ConfigOffset + Metadata.Config.EncodedLength];
        payload[0] = KeepSuffix ? (byte)1 : (byte)0;
        BinaryPrimitives.WriteUInt64LittleEndian(payload.AsSpan(ConfigIndexOffset), Metadata.ConfigIndex.Value);
        Metadata.Config.Write(payload.AsSpan(ConfigOffset));

        var record = new byte[EntryRecord.SizeOf(payload.Length)];
        EntryRecord.WriteKind(record, group: 0, Kind, Metadata.Last, ProposalId.None, payload);
        return record;
    }

    public static InstallMarker? Read(EntryId last, ReadOnlySpan<byte> payload)
    {
        if (payload.Length < ConfigOffset || !ClusterConfig.TryRead(payload[ConfigOffset..], out var config))
        {
            return null;
        }

        var configIndex = new LogIndex(BinaryPrimitives.ReadUInt64LittleEndian(payload[ConfigIndexOffset..]));
        return new InstallMarker(new SnapshotMetadata(last, configIndex, config), payload[0] == 1);
    }
}
