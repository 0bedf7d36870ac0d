using System.Buffers;

namespace Quorate.Mvcc.Tests;

/// <summary>Feeds commands to a state machine as a node would, and keeps the results.</summary>
internal sealed class StoreDriver : IApplySink, IDisposable
{
    public static readonly StateMachineOptions Tiny =
        new() { ChunkBytes = 1024, RetiredNodesMax = 1, PoisonFreedMemory = true };

    private readonly List<CommittedEntry> _gathered = [];
    private ulong _index;

    public StoreDriver(StateMachineOptions? options = null)
        : this(new StateMachine(options ?? Tiny))
    {
    }

    public StoreDriver(StateMachine state)
    {
        State = state;
        _index = state.Applied.Index;
    }

    public StateMachine State { get; }

    public List<ApplyResult> Results { get; } = [];

    public static ReadOnlyMemory<byte> Bytes(string text) => System.Text.Encoding.Latin1.GetBytes(text);

    public static byte[] SnapshotOf(StateMachine state, int bytesMax = 1 << 16)
    {
        using var snapshot = state.BeginSnapshot();
        return Drain(snapshot, bytesMax);
    }

    public static byte[] Drain(StateSnapshot snapshot, int bytesMax)
    {
        var target = new ArrayBufferWriter<byte>();
        while (snapshot.WriteNext(target, bytesMax))
        {
        }

        return target.WrittenSpan.ToArray();
    }

    public static StateMachine Load(ReadOnlySpan<byte> bytes, int pieceBytes = int.MaxValue)
    {
        using var loader = new StateLoader(Tiny);
        while (!bytes.IsEmpty)
        {
            var piece = Math.Min(pieceBytes, bytes.Length);
            loader.Feed(bytes[..piece]);
            bytes = bytes[piece..];
        }

        return loader.Complete();
    }

    /// <summary>Applies one command in a batch of its own.</summary>
    public ApplyResult Apply(Command command)
    {
        Gather(command);
        Flush();
        return Results[^1];
    }

    public ApplyResult Put(string key, string value) => Apply(new PutCommand(Bytes(key), Bytes(value)));

    public ApplyResult Delete(string key, string rangeEnd = "") =>
        Apply(new DeleteRangeCommand(Bytes(key), Bytes(rangeEnd)));

    public void Gather(Command command, bool wantsResult = true) =>
        Gather(CommittedKind.Command, CommandCodec.ToBytes(command), wantsResult);

    public void Gather(CommittedKind kind, ReadOnlyMemory<byte> payload, bool wantsResult = true) =>
        _gathered.Add(new CommittedEntry(new AppliedId(1, ++_index), kind, payload, wantsResult));

    public void Flush()
    {
        State.ApplyBatch(_gathered.ToArray(), this);
        _gathered.Clear();
    }

    public void CompactFully()
    {
        while (State.CompactStep(1 << 16))
        {
        }
    }

    public void Completed(int ordinal, ApplyResult result) => Results.Add(result);

    public void Dispose() => State.Dispose();
}
