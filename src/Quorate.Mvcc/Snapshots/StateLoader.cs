using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using System.Text;

namespace Quorate.Mvcc;

/// <summary>
/// Builds a state machine from a snapshot's bytes, fed in pieces of any size; see docs/format/state.md. After an
/// exception it is of no more use.
/// </summary>
public sealed class StateLoader : IDisposable, FrameReader.IRows
{
    private static readonly string[] Tables =
    [
        Encoding.ASCII.GetString(StateFormat.Meta),
        Encoding.ASCII.GetString(StateFormat.Kv),
        Encoding.ASCII.GetString(StateFormat.Members),
    ];

    private readonly FrameReader _frame;
    private readonly StateMachine _state;
    private readonly WriteBatch _batch;
    private bool _isHandedOver;
    private bool _isFaulted;
    private int _tablesBegun;
    private long _rows;
    private long _lastRevision;
    private long _lastSub;

    /// <summary>A loader that has seen nothing yet.</summary>
    public StateLoader(StateMachineOptions options)
    {
        _frame = new FrameReader(this);
        _state = new StateMachine(options);
        _batch = _state.BeginRestore();
    }

    private string Table => Tables[_tablesBegun - 1];

    /// <summary>Takes the next bytes.</summary>
    /// <exception cref="StateFormatException">They are damaged, or of a table or version not known here.</exception>
    public void Feed(ReadOnlySpan<byte> bytes)
    {
        ObjectDisposedException.ThrowIf(_isHandedOver, this);
        if (_isFaulted)
        {
            throw new StateFormatException("The snapshot was found to be damaged before.");
        }

        _isFaulted = true;
        _frame.Feed(bytes);
        _isFaulted = false;
    }

    /// <summary>Ends the loading and hands over the state machine; called once.</summary>
    /// <exception cref="StateFormatException">The snapshot is cut.</exception>
    public StateMachine Complete()
    {
        ObjectDisposedException.ThrowIf(_isHandedOver, this);
        if (_isFaulted || !_frame.IsDone || _tablesBegun != Tables.Length)
        {
            throw new StateFormatException("The snapshot is cut: its end is missing.");
        }

        _isHandedOver = true;
        _state.EndRestore();
        return _state;
    }

    /// <summary>Lets go of everything that was not handed over.</summary>
    public void Dispose()
    {
        if (!_isHandedOver)
        {
            _isHandedOver = true;
            _state.Dispose();
        }
    }

    /// <inheritdoc/>
    void FrameReader.IRows.BeginTable(string name, int version)
    {
        if (Array.IndexOf(Tables, name) < 0)
        {
            throw new StateFormatException(
                $"The snapshot holds the table '{name}' of version {version}, which this node does not know.");
        }

        if (version != StateFormat.TableVersion)
        {
            throw new StateFormatException($"The table '{name}' has version {version}; "
                + $"this node knows version {StateFormat.TableVersion} only.");
        }

        if (_tablesBegun == Tables.Length || Tables[_tablesBegun] != name)
        {
            throw new StateFormatException($"The table '{name}' is not where it belongs in the snapshot.");
        }

        _tablesBegun++;
        _rows = 0;
    }

    /// <inheritdoc/>
    void FrameReader.IRows.Row(ReadOnlySpan<byte> row)
    {
        _rows++;
        switch (_tablesBegun)
        {
            case 1:
                TakeMeta(row);
                break;
            case 2:
                TakeVersion(row);
                break;
            default:
                TakeMember(row);
                break;
        }
    }

    /// <inheritdoc/>
    void FrameReader.IRows.EndTable() => Require(_tablesBegun > 1 || _rows == 1, "has one row");

    private void TakeMeta(ReadOnlySpan<byte> row)
    {
        Require(row.Length == StateFormat.MetaBytes && _rows == 1, "has one row of 40 bytes");
        var applied = new AppliedId(
            BinaryPrimitives.ReadUInt64LittleEndian(row),
            BinaryPrimitives.ReadUInt64LittleEndian(row[8..]));
        var revision = new Revision(BinaryPrimitives.ReadInt64LittleEndian(row[16..]));
        var compact = new Revision(BinaryPrimitives.ReadInt64LittleEndian(row[24..]));
        Require(revision >= Revision.Empty, "has a revision of at least 1");
        Require(compact >= Revision.None && compact <= revision, "has a compact revision up to the revision");
        _batch.Restore(applied, revision, compact, BinaryPrimitives.ReadUInt64LittleEndian(row[32..]));
    }

    private void TakeVersion(ReadOnlySpan<byte> row)
    {
        Require(row.Length >= StateFormat.KvFixedBytes, "has rows with all fields");
        var keyLength = BinaryPrimitives.ReadUInt32LittleEndian(row[37..]);
        var bytes = row[StateFormat.KvFixedBytes..];
        Require(keyLength <= (uint)bytes.Length, "has keys that end within their rows");
        Require(row[12] <= StateFormat.TombstoneFlag, "has no flags but the one for a delete");
        var version = new KvRow
        {
            ModRevision = BinaryPrimitives.ReadInt64LittleEndian(row),
            SubRevision = BinaryPrimitives.ReadUInt32LittleEndian(row[8..]),
            IsTombstone = row[12] == StateFormat.TombstoneFlag,
            CreateRevision = BinaryPrimitives.ReadInt64LittleEndian(row[13..]),
            Version = BinaryPrimitives.ReadInt64LittleEndian(row[21..]),
            Lease = BinaryPrimitives.ReadInt64LittleEndian(row[29..]),
            Key = bytes[..(int)keyLength],
            Value = bytes[(int)keyLength..],
        };
        Judge(version);
        _state.Table.Restore(version);
    }

    private void Judge(in KvRow version)
    {
        var isNext = version.ModRevision > _lastRevision
            || (version.ModRevision == _lastRevision && version.SubRevision > _lastSub);
        Require(isNext && version.ModRevision > 0, "has its versions in the order of their revisions");
        Require(version.ModRevision <= _batch.Revision.Value, "has no version newer than the store");
        Require(
            version.IsTombstone
                ? version is { CreateRevision: 0, Version: 0, Lease: 0, Value.IsEmpty: true }
                : version.CreateRevision > 0 && version.CreateRevision <= version.ModRevision && version.Version > 0,
            "has versions whose fields fit together");
        _lastRevision = version.ModRevision;
        _lastSub = version.SubRevision;
    }

    private void TakeMember(ReadOnlySpan<byte> row)
    {
        if (row[0] == StateFormat.ConfigRow)
        {
            Require(_rows == 1 && row.Length >= StateFormat.ConfigFixedBytes, "has one configuration, and first");
            var index = BinaryPrimitives.ReadUInt64LittleEndian(row[1..]);
            _batch.Members = _batch.Members.WithConfig(index, row[StateFormat.ConfigFixedBytes..].ToArray());
            return;
        }

        Require(row[0] == StateFormat.MemberRow, "has rows for the configuration and for members");
        var reader = new CommandReader(row[1..].ToArray());
        var publish = reader.ReadMemberPublish();
        Require(publish is not null, "has rows that end where they should");
        var members = _batch.Members.Members;
        Require(members.Count == 0 || members[^1].Id < publish.MemberId, "has its members by ascending id");
        var attributes = new MemberAttributes(publish.MemberId, publish.Name, publish.ClientUrls);
        Require(_batch.Members.TryPublish(attributes, out var table), "is not larger than it may be");
        _batch.Members = table;
    }

    private void Require([DoesNotReturnIf(false)] bool holds, string law)
    {
        if (!holds)
        {
            throw new StateFormatException(
                $"The snapshot is damaged: the table '{Table}' breaks the rule that it {law}.");
        }
    }
}
