using Quorate.Mvcc;
using Quorate.Node;

namespace Quorate.Simulator;

/// <summary>
/// One client: asks, waits for the answer, thinks, asks again. It hears by callbacks and never blocks.
/// </summary>
internal sealed class SimClient(SimCluster cluster, int number, SimRandom random)
{
    private Call? _call;
    private IReadOnlyList<SimNode>? _core;
    private int _probesLeft;
    private long _turn;
    private bool _isResting;

    /// <summary>Every request of the last phase was answered.</summary>
    public bool IsProbed => _core is not null && _probesLeft <= 0;

    /// <summary>It waits for no answer.</summary>
    public bool IsIdle => _call is null;

    /// <summary>Asks whatever it likes, of any node.</summary>
    public void Resume()
    {
        _core = null;
        _isResting = false;
        Think();
    }

    /// <summary>From here on every request goes to a healed node; four must succeed, asked again if need be.</summary>
    public void Probe(IReadOnlyList<SimNode> core)
    {
        _core = core;
        _probesLeft = 4;
        if (IsIdle)
        {
            Think();
        }
    }

    /// <summary>Asks no more.</summary>
    public void Rest() => _isResting = true;

    /// <summary>The node that was asked has ended: its answer will never come.</summary>
    public void NodeEnded(SimNode node)
    {
        if (_call is { } call && call.Node == node)
        {
            Finish(call, OperationOutcome.Unknown);
        }
    }

    private void Think()
    {
        var turn = ++_turn;
        var us = _core is null ? random.Exponential(cluster.Plan.ThinkUs) : random.Below(1000);
        cluster.Events.After(1 + us, () => Ask(turn));
    }

    private void Ask(long turn)
    {
        if (_isResting || IsProbed || turn != _turn)
        {
            return;
        }

        IReadOnlyList<SimNode> nodes = _core is null ? cluster.WatchedNodes : cluster.MembersAmong(_core);
        var node = nodes.Count > 0 ? random.Pick(nodes) : null;
        if (node is not { IsUp: true })
        {
            Think();
            return;
        }

        var operation = Draw(node);
        var call = _call = new Call(this, node, operation, isProbe: _core is not null);
        cluster.History.Invoked(operation);
        node.Enter(node.Process!, () => Send(call));
        if (cluster.IsFaulty && cluster.Plan.Has(FaultKind.RequestAbandoned) && random.Chance(0.02))
        {
            cluster.Events.After(random.Below(100_000), () => Abandon(call));
        }
    }

    private Operation Draw(SimNode node)
    {
        var now = cluster.Events.Now;
        if (_core is null)
        {
            return cluster.Operations.Draw(random, number, node.Number, now, cluster.History.RevisionTold);
        }

        return _probesLeft % 2 == 0
            ? cluster.Operations.DrawPut(random, number, node.Number, now)
            : cluster.Operations.DrawReadOfAll(number, node.Number, now);
    }

    private void Send(Call call)
    {
        var member = call.Node.Member!;
        var operation = call.Operation;
        if (operation.IsWrite)
        {
            member.Propose(cluster.Operations.Encode(operation), DrawDeadline(), call);
        }
        else if (operation.Kind == OperationKind.StaleRead)
        {
            ReadStale(call, member);
        }
        else
        {
            member.ReadIndex(DrawDeadline(), call);
        }
    }

    // Half of them as a thread of their own would, with apply going on between any two steps.
    private void ReadStale(Call call, Member member)
    {
        if (_core is not null || random.Chance(0.5))
        {
            call.Answer();
        }
        else
        {
            Step(call, member.Machine, new SlowReader(member.Machine), delayUs: 20_000);
        }
    }

    // Quicker and quicker: a reader that apply always overtakes would never end.
    private void Step(Call call, StateMachine machine, SlowReader reader, int delayUs) => call.Node.Later(
        random.Below(delayUs + 1), () =>
    {
        if (machine != call.Node.Member!.Machine)
        {
            // A snapshot has taken its place: the reader would begin again.
            Finish(call, OperationOutcome.NotDone);
        }
        else if (!reader.Step())
        {
            Step(call, machine, reader, delayUs / 2);
        }
        else
        {
            var query = OperationBook.QueryOf(call.Operation);
            var (revision, result) = reader.Read(query);
            OperationBook.Answer(call.Operation, revision, result);
            Finish(call, OperationOutcome.Done);
        }
    });

    private int DrawDeadline()
    {
        if (_core is not null)
        {
            // A proposal that a snapshot passes over is told "unknown" by its deadline, and is asked again.
            return cluster.Plan.ElectionTicks * 4;
        }

        if (cluster.Plan.Has(FaultKind.RequestTimeout) && random.Chance(0.1))
        {
            cluster.Table.Count(FaultKind.RequestTimeout);
            return random.Between(1, 10);
        }

        return random.Between(cluster.Plan.ElectionTicks, cluster.Plan.ElectionTicks * 8);
    }

    private void Abandon(Call call)
    {
        if (_call == call)
        {
            cluster.Table.Count(FaultKind.RequestAbandoned);
            Finish(call, OperationOutcome.Unknown);
        }
    }

    private void Finish(Call call, OperationOutcome outcome)
    {
        if (_call != call)
        {
            return;
        }

        _call = null;
        var operation = call.Operation;
        operation.Outcome = outcome;
        operation.ReturnedUs = cluster.Events.Now;
        cluster.Trace($"{operation}");
        cluster.History.Returned(operation);
        if (call.IsProbe && outcome == OperationOutcome.Done)
        {
            _probesLeft--;
        }

        Think();
    }

    /// <summary>One request, and who waits for it.</summary>
    private sealed class Call(SimClient client, SimNode node, Operation operation, bool isProbe)
        : IProposalWaiter, IReadWaiter
    {
        private bool _isTold;

        public SimNode Node => node;

        public Operation Operation => operation;

        public bool IsProbe => isProbe;

        public void Completed(in ProposeOutcome outcome)
        {
            DemandFirst();
            if (outcome.Kind == OutcomeKind.Done)
            {
                operation.Index = outcome.At.Index.Value;
                operation.Revision = outcome.Result.Revision.Value;
                operation.Deleted = outcome.Result.Deleted;
                operation.IsRejected = outcome.Result.Error != default;
            }

            client.Finish(this, outcome.Kind switch
            {
                OutcomeKind.Done => OperationOutcome.Done,
                OutcomeKind.NotDone => OperationOutcome.NotDone,
                _ => OperationOutcome.Unknown,
            });
        }

        public void Completed(in ReadOutcome outcome)
        {
            DemandFirst();
            if (outcome.Confirmed)
            {
                Answer();
            }
            else
            {
                client.Finish(this, OperationOutcome.NotDone);
            }
        }

        /// <summary>Reads from the node's state as it is now.</summary>
        public void Answer()
        {
            using (var view = node.Member!.OpenView())
            {
                OperationBook.Answer(operation, view);
            }

            client.Finish(this, OperationOutcome.Done);
        }

        private void DemandFirst()
        {
            if (_isTold)
            {
                throw new CheckerException("Outcomes", $"a waiter was told twice: {operation}");
            }

            _isTold = true;
        }
    }
}
