using System.Text;
using Quorate.Mvcc;

namespace Quorate.Simulator;

/// <summary>
/// Draws what clients ask, and knows each write again by its bytes: every command is unique, so that an entry of the
/// log names the one request it came from.
/// </summary>
internal sealed class OperationBook(SeedPlan plan, FaultTable table)
{
    private readonly Dictionary<string, Operation> _byCommand = new(StringComparer.Ordinal);
    private int _last;
    private long _compactAsked = 1;

    /// <summary>Finds the operation of a command; null when no client sent it.</summary>
    public Operation? Find(ReadOnlyMemory<byte> command) =>
        _byCommand.GetValueOrDefault(Encoding.Latin1.GetString(command.Span));

    public Operation Draw(SimRandom client, int clientNumber, int node, long now, long revision)
    {
        var id = ++_last;
        switch (client.Below(20))
        {
            case < 8:
                return Put(client, id, clientNumber, node, now, OperationKind.Put, 1);
            case < 10:
                return Put(client, id, clientNumber, node, now, OperationKind.MultiPut, client.Between(2, 5));
            case < 12:
                return Delete(client, id, clientNumber, node, now);
            case 12 when plan.Has(FaultKind.Compaction) && revision > _compactAsked + 1:
                return Compact(client, id, clientNumber, node, now, revision);
            case < 15:
                return Read(client, id, clientNumber, node, now, OperationKind.StaleRead, 0);
            case 15 when revision > 1:
                return Read(client, id, clientNumber, node, now, OperationKind.Read, client.Between(1, revision));
            default:
                return Read(client, id, clientNumber, node, now, OperationKind.Read, 0);
        }
    }

    /// <summary>A put, as the last phase asks it.</summary>
    public Operation DrawPut(SimRandom client, int clientNumber, int node, long now) =>
        Put(client, ++_last, clientNumber, node, now, OperationKind.Put, 1);

    /// <summary>A read of everything, as the last phase asks it.</summary>
    public Operation DrawReadOfAll(int clientNumber, int node, long now) => new()
    {
        Id = ++_last, Client = clientNumber, Node = node, Kind = OperationKind.Read, InvokedUs = now,
        Low = "k", High = "l",
    };

    /// <summary>The command of a write.</summary>
    public byte[] Encode(Operation operation)
    {
        var bytes = CommandCodec.ToBytes(ToCommand(operation));
        _byCommand.Add(Encoding.Latin1.GetString(bytes), operation);
        return bytes;
    }

    public static RangeQuery QueryOf(Operation read) =>
        new(Bytes(read.Low), Bytes(read.High)) { Revision = read.AtRevision };

    /// <summary>Runs a read on a view and notes what it showed.</summary>
    public static void Answer(Operation read, ReadView view) =>
        Answer(read, view.Revision.Value, view.Range(QueryOf(read)));

    public static void Answer(Operation read, long revision, RangeResult result)
    {
        read.Revision = revision;
        read.ReadError = result.Error;
        read.Seen = result.Kvs.Select(kv => new Pair(
            Text(kv.Key), Text(kv.Value), kv.CreateRevision.Value, kv.ModRevision.Value, kv.Version)).ToArray();
    }

    private static Command ToCommand(Operation operation)
    {
        switch (operation.Kind)
        {
            case OperationKind.Put:
                return ToPut(operation.Writes[0]);
            case OperationKind.MultiPut:
                var puts = operation.Writes.Select(write => new TxnOperation.Put(ToPut(write))).ToArray();
                return new TxnCommand([], puts, []);
            case OperationKind.Delete:
                return new DeleteRangeCommand(Bytes(operation.Low), Bytes(operation.High));
            case OperationKind.Compact:
                return new CompactCommand(operation.AtRevision);
            default:
                throw new SimulatorException($"{operation.Kind} is no write");
        }
    }

    private static PutCommand ToPut(Pair write) => new(Bytes(write.Key), Bytes(write.Value));

    private static byte[] Bytes(string text) => Encoding.Latin1.GetBytes(text);

    private static string Text(ReadOnlyMemory<byte> bytes) => Encoding.Latin1.GetString(bytes.Span);

    private Operation Put(
        SimRandom client, int id, int clientNumber, int node, long now, OperationKind kind, int count)
    {
        var keys = new SortedSet<string>(StringComparer.Ordinal);
        for (var i = 0; i < count; i++)
        {
            keys.Add(DrawKey(client));
        }

        var filling = new string('x', client.Chance(0.05) ? client.Below(2000) : client.Below(40));
        return new Operation
        {
            Id = id, Client = clientNumber, Node = node, Kind = kind, InvokedUs = now,
            Writes = keys.Select(key => new Pair(key, $"v{id}{filling}")).ToArray(),
        };
    }

    // The end of the range names the operation; no key lies between the two ends that this makes different.
    private Operation Delete(SimRandom client, int id, int clientNumber, int node, long now)
    {
        var low = DrawKey(client);
        var high = client.Chance(0.3) ? DrawKey(client) : low;
        (low, high) = string.CompareOrdinal(low, high) <= 0 ? (low, high) : (high, low);
        return new Operation
        {
            Id = id, Client = clientNumber, Node = node, Kind = OperationKind.Delete, InvokedUs = now,
            Low = low, High = $"{high}\0{id}",
        };
    }

    private Operation Compact(SimRandom client, int id, int clientNumber, int node, long now, long revision)
    {
        table.Count(FaultKind.Compaction);
        _compactAsked = client.Between(_compactAsked + 1, revision);
        return new Operation
        {
            Id = id, Client = clientNumber, Node = node, Kind = OperationKind.Compact, InvokedUs = now,
            AtRevision = _compactAsked,
        };
    }

    private Operation Read(
        SimRandom client, int id, int clientNumber, int node, long now, OperationKind kind, long atRevision)
    {
        var low = DrawKey(client);
        var high = client.Chance(0.3) ? DrawKey(client) : low;
        (low, high) = string.CompareOrdinal(low, high) <= 0 ? (low, high) : (high, low);
        return new Operation
        {
            Id = id, Client = clientNumber, Node = node, Kind = kind, InvokedUs = now,
            Low = low, High = high + "\0", AtRevision = atRevision,
        };
    }

    private string DrawKey(SimRandom client)
    {
        if (plan.Has(FaultKind.HotKeys) && client.Chance(0.5))
        {
            table.Count(FaultKind.HotKeys);
            return "k0000";
        }

        return $"k{client.Below(plan.Keys):D4}";
    }
}
