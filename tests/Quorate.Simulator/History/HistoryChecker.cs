using Quorate.Mvcc;

namespace Quorate.Simulator;

/// <summary>
/// Judges every answer that a client got, by the committed log. The log gives all writes an order; so a history is
/// linearizable if and only if each answer equals what the model says at its place in that order, and no place
/// contradicts real time: what was called after an answer stands behind what was answered.
/// </summary>
/// <remarks>
/// Linear in the length of the history, and it judges while the run goes on. Unknown outcomes stay open: they may
/// stand in the log or not. What was refused must not stand in it; nothing stands in it twice.
/// </remarks>
internal sealed class HistoryChecker
{
    private const string Name = "History";
    private readonly List<Operation> _operations = [];
    private readonly Dictionary<int, ulong> _placeOf = [];
    private readonly Queue<Operation> _unjudged = new();
    private readonly List<ModelAnswer> _answers = [default];
    private ulong _indexTold;
    private long _revisionTold = 1;

    public ModelStore Model { get; } = new();

    public IReadOnlyList<Operation> Operations => _operations;

    public long Completed { get; private set; }

    /// <summary>The highest revision that any client was told of.</summary>
    public long RevisionTold => _revisionTold;

    /// <summary>A client calls.</summary>
    public void Invoked(Operation operation)
    {
        operation.IndexFloor = _indexTold;
        operation.RevisionFloor = _revisionTold;
        _operations.Add(operation);
    }

    /// <summary>A client was answered. Its outcome stands in the operation.</summary>
    public void Returned(Operation operation)
    {
        if (operation.Outcome == OperationOutcome.Done)
        {
            Completed++;
            _indexTold = Math.Max(_indexTold, operation.Index);
            if (operation.Kind != OperationKind.StaleRead)
            {
                _revisionTold = Math.Max(_revisionTold, operation.Revision);
            }
        }

        _unjudged.Enqueue(operation);
    }

    /// <summary>The next entry of the log is committed; null for one that no client wrote.</summary>
    public void Committed(ulong index, Operation? operation)
    {
        var answer = Model.Apply(index, operation);
        _answers.Add(answer);
        if (operation is null)
        {
            return;
        }

        Demand(_placeOf.TryAdd(operation.Id, index), operation, $"is committed twice, the second time at {index}");
        Demand(operation.Outcome != OperationOutcome.NotDone, operation, $"was refused and is committed at {index}");
        Demand(index > operation.IndexFloor, operation,
            $"is committed at {index}, before {operation.IndexFloor}, which was answered before it was called");
    }

    /// <summary>Judges the answers given since the last call.</summary>
    public void Judge()
    {
        while (_unjudged.TryDequeue(out var operation))
        {
            Judge(operation);
        }
    }

    /// <summary>The run is over: nothing that was answered may be left to judge.</summary>
    public void Finish()
    {
        Judge();
        foreach (var operation in _operations)
        {
            Demand(operation.Outcome != OperationOutcome.Pending, operation, "was never answered");
        }
    }

    private void Judge(Operation operation)
    {
        switch (operation.Outcome)
        {
            case OperationOutcome.NotDone when operation.IsWrite:
                Demand(!_placeOf.ContainsKey(operation.Id), operation, "was refused and is committed");
                break;
            case OperationOutcome.Done when operation.IsWrite:
                JudgeWrite(operation);
                break;
            case OperationOutcome.Done:
                JudgeRead(operation);
                break;
        }
    }

    private void JudgeWrite(Operation operation)
    {
        Demand(_placeOf.TryGetValue(operation.Id, out var place), operation, "was acknowledged and is not committed");
        Demand(place == operation.Index, operation, $"was told index {operation.Index} and stands at {place}");
        var answer = _answers[checked((int)place)];
        Demand(answer.IsRejected == operation.IsRejected, operation, $"should be rejected: {answer.IsRejected}");
        Demand(answer.Revision == operation.Revision, operation, $"should be told revision {answer.Revision}");
        Demand(answer.Deleted == operation.Deleted, operation,
            $"was told that {operation.Deleted} keys went, not {answer.Deleted}");
    }

    private void JudgeRead(Operation operation)
    {
        Demand(operation.Revision <= Model.Revision, operation, "saw a revision that is not committed");
        if (operation.Kind == OperationKind.Read)
        {
            Demand(operation.Revision >= operation.RevisionFloor, operation,
                $"is stale: revision {operation.RevisionFloor} was answered before it was called");
        }

        if (operation.ReadError != ReadError.None)
        {
            Demand(
                operation.ReadError == ReadError.Compacted && operation.AtRevision < Model.CompactRevision, operation,
                $"was told {operation.ReadError}; the compact revision is {Model.CompactRevision}");
            return;
        }

        var at = operation.AtRevision > 0 ? operation.AtRevision : operation.Revision;
        var expected = Model.Range(operation.Low, operation.High, at);
        Demand(expected.SequenceEqual(operation.Seen), operation,
            $"saw {{{string.Join(' ', operation.Seen)}}}, not {{{string.Join(' ', expected)}}}");
    }

    private static void Demand(bool condition, Operation? operation, string because)
    {
        if (!condition)
        {
            throw new CheckerException(Name, $"{operation} {because}");
        }
    }
}
