using System.Runtime.InteropServices;
using Quorate.Mvcc;
using Quorate.Raft;
using Quorate.Storage;

namespace Quorate.Node;

/// <summary>Applies entries of a log that nobody writes to, for whoever has no apply loop.</summary>
internal sealed class LogReplay(StateMachine machine) : IApplySink
{
    private const int BytesMax = 4 * 1024 * 1024;
    private readonly List<ReadOnlyMemory<byte>> _records = [];
    private readonly List<CommittedEntry> _entries = [];

    /// <summary>Applies all that the log holds behind the state, up to and including an entry.</summary>
    /// <exception cref="UnknownCommandException">An entry is of a newer program.</exception>
    public void ApplyTo(LogStore log, LogIndex last)
    {
        for (var next = machine.Applied.Index + 1; next <= last.Value; next = machine.Applied.Index + 1)
        {
            _records.Clear();
            var found = log.TryRead(new EntryRange(new LogIndex(next), last), BytesMax, _records);
            Invariant.Holds(found, "the log goes on where the state ends");
            Decode();
            machine.ApplyBatch(CollectionsMarshal.AsSpan(_entries), this);
        }
    }

    /// <summary>Applies one entry that no log holds.</summary>
    public void Apply(EntryId id, EntryKind kind, ReadOnlyMemory<byte> payload) =>
        machine.ApplyBatch([EntryOf(id, kind, payload)], this);

    void IApplySink.Completed(int ordinal, ApplyResult result) =>
        Invariant.Holds(condition: false, "nobody waits for results of a replay");

    private static CommittedEntry EntryOf(EntryId id, EntryKind kind, ReadOnlyMemory<byte> payload) =>
        new(new AppliedId(id.Term.Value, id.Index.Value), (CommittedKind)kind, payload, WantsResult: false);

    private void Decode()
    {
        _entries.Clear();
        foreach (var record in _records)
        {
            var whole = EntryRecord.TryRead(record.Span, out var header, out _);
            Invariant.Holds(whole, "a record that was read from the log is whole");
            var payload = record[EntryRecord.PayloadOffset..^(EntryRecord.Overhead - EntryRecord.PayloadOffset)];
            _entries.Add(EntryOf(header.Id, header.Kind, payload));
        }
    }
}
