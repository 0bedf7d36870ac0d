using System.Buffers;
using System.Buffers.Binary;

namespace Quorate.Mvcc;

/// <summary>
/// A snapshot being written: begun in O(1) by the writer, then drained from one other thread beside the writes. Its
/// bytes are identical on all replicas at an equal index; see docs/format/state.md. One scan of the records of a pinned
/// root, which leaves out what the replicated compact revision has given up.
/// </summary>
public sealed class StateSnapshot : IDisposable
{
    private readonly ReadView _view;
    private readonly StateWriter _writer = new();
    private Stage _stage;
    private int _chunk;
    private int _offset;
    private int _member;

    internal StateSnapshot(ReadView view) => _view = view;

    private enum Stage
    {
        Head,
        Records,
        Members,
        Done,
    }

    /// <summary>The last entry in the snapshot.</summary>
    public AppliedId Applied => _view.Applied;

    /// <summary>The store's revision in the snapshot.</summary>
    public Revision Revision => _view.Revision;

    /// <summary>The rolling hash at that entry.</summary>
    public ulong Hash => _view.Hash;

    /// <summary>The replicated members in the snapshot.</summary>
    public MemberTable Members => _view.Members;

    /// <summary>
    /// Writes the next bytes, about <paramref name="bytesMax"/> of them: one record is never split, and a call that
    /// only passes over compacted records writes none.
    /// </summary>
    /// <returns>False when nothing is left; such a call has written nothing.</returns>
    public bool WriteNext(IBufferWriter<byte> target, int bytesMax)
    {
        ArgumentNullException.ThrowIfNull(target);
        ArgumentOutOfRangeException.ThrowIfLessThan(bytesMax, 1);
        switch (_stage)
        {
            case Stage.Head:
                WriteHead(target);
                _stage = Stage.Records;
                return true;
            case Stage.Records:
                if (!WriteRecords(target, bytesMax))
                {
                    _writer.EndTable(target);
                    WriteConfig(target);
                    _stage = Stage.Members;
                }

                return true;
            case Stage.Members:
                if (!WriteMembers(target, bytesMax))
                {
                    _writer.EndTable(target);
                    _writer.End(target);
                    _stage = Stage.Done;
                }

                return true;
            default:
                return false;
        }
    }

    /// <summary>Lets go of the snapshot's memory.</summary>
    public void Dispose() => _view.Dispose();

    private void WriteHead(IBufferWriter<byte> target)
    {
        var root = _view.Root;
        _writer.Begin(target);
        _writer.BeginTable(target, StateFormat.Meta);
        var row = StateWriter.Row(target, StateFormat.MetaBytes, out var body);
        BinaryPrimitives.WriteUInt64LittleEndian(body, root.Applied.Term);
        BinaryPrimitives.WriteUInt64LittleEndian(body[8..], root.Applied.Index);
        BinaryPrimitives.WriteInt64LittleEndian(body[16..], root.Revision.Value);
        BinaryPrimitives.WriteInt64LittleEndian(body[24..], root.CompactRevision.Value);
        BinaryPrimitives.WriteUInt64LittleEndian(body[32..], root.Hash);
        _writer.Commit(target, row);
        _writer.EndTable(target);
        _writer.BeginTable(target, StateFormat.Kv);
    }

    // Bounded by what is read, not only by what is written. Returns whether there are more.
    private unsafe bool WriteRecords(IBufferWriter<byte> target, int bytesMax)
    {
        var root = _view.Root;
        var compact = root.CompactRevision.Value;
        var records = root.Records;
        var read = 0L;
        while (_chunk < records.Count)
        {
            if (_offset == records.UsedOf(_chunk))
            {
                _chunk++;
                _offset = 0;
                continue;
            }

            if (read >= bytesMax)
            {
                return true;
            }

            var record = (Record*)(records.Chunks[_chunk].Address + _offset);
            _offset += record->Bytes;
            read += record->Bytes;
            if (Record.IsKept(record, compact))
            {
                WriteRecord(target, record);
            }
        }

        return false;
    }

    private unsafe void WriteRecord(IBufferWriter<byte> target, Record* record)
    {
        var bytes = StateFormat.KvFixedBytes + record->KeyLength + record->ValueLength;
        var row = StateWriter.Row(target, bytes, out var body);
        BinaryPrimitives.WriteInt64LittleEndian(body, record->ModRevision);
        BinaryPrimitives.WriteUInt32LittleEndian(body[8..], record->SubRevision);
        body[12] = record->IsTombstone ? StateFormat.TombstoneFlag : (byte)0;
        BinaryPrimitives.WriteInt64LittleEndian(body[13..], record->CreateRevision);
        BinaryPrimitives.WriteInt64LittleEndian(body[21..], record->Version);
        BinaryPrimitives.WriteInt64LittleEndian(body[29..], record->Lease);
        BinaryPrimitives.WriteInt32LittleEndian(body[37..], record->KeyLength);
        Record.Key(record).CopyTo(body[StateFormat.KvFixedBytes..]);
        Record.Value(record).CopyTo(body[(StateFormat.KvFixedBytes + record->KeyLength)..]);
        _writer.Commit(target, row);
    }

    private void WriteConfig(IBufferWriter<byte> target)
    {
        _writer.BeginTable(target, StateFormat.Members);
        var members = _view.Members;
        if (members.ConfigIndex == 0)
        {
            return;
        }

        var row = StateWriter.Row(target, StateFormat.ConfigFixedBytes + members.ConfigBytes.Length, out var body);
        body[0] = StateFormat.ConfigRow;
        BinaryPrimitives.WriteUInt64LittleEndian(body[1..], members.ConfigIndex);
        members.ConfigBytes.Span.CopyTo(body[StateFormat.ConfigFixedBytes..]);
        _writer.Commit(target, row);
    }

    private bool WriteMembers(IBufferWriter<byte> target, int bytesMax)
    {
        var members = _view.Members.Members;
        var written = 0;
        while (_member < members.Count)
        {
            if (written >= bytesMax)
            {
                return true;
            }

            var member = members[_member++];
            var command = new MemberPublishCommand(member.Id, member.Name, member.ClientUrls);
            var row = StateWriter.Row(target, 1 + CommandWriter.BodyLength(command), out var body);
            body[0] = StateFormat.MemberRow;
            new CommandWriter(body[1..]).WriteBody(command);
            written += _writer.Commit(target, row);
        }

        return false;
    }
}
