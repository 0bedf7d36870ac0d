using Microsoft.Extensions.Logging;
using Quorate.Node;
using Quorate.Raft;
using Quorate.Server.Http;

namespace Quorate.Server;

/// <summary>
/// Asks the members it was told of, in turn, to take this node in, until it is a member. Says once what stands in the
/// way, and once that it is done, however often it has to ask.
/// </summary>
internal sealed class JoinAsker(
    JoinOptions options, IMemberGateway member, IRandomSource random, TimeProvider time, ILogger logger)
{
    private const int ToldMax = 16;
    private static readonly TimeSpan LookAgain = TimeSpan.FromMilliseconds(50);
    private readonly Uri[] _targets = [.. options.Targets.Select(UrlOf)];
    private readonly List<string> _told = [];
    private int _address;

    /// <summary>Runs until the node is a member, or the token stops it.</summary>
    public async Task RunAsync(CancellationToken stopping)
    {
        using var call = new JoinCall(options.RequestTimeout);
        try
        {
            await AskUntilMemberAsync(call, stopping);
        }
        catch (OperationCanceledException)
        {
            // The node stops: there is nobody left to be taken in.
        }
    }

    private static Uri UrlOf(string target)
    {
        var fault = JoinOptions.ParseTarget(target, out var url);
        Invariant.Holds(fault is null, "the options of a node were checked before it started");
        return url;
    }

    private static bool IsSettled(NodeState state) => state is NodeState.Member or NodeState.Removed;

    private async Task AskUntilMemberAsync(JoinCall call, CancellationToken stopping)
    {
        // A restart: the directory says that it is one already, and no target is needed.
        var asked = false;
        var pause = options.PauseMin;
        while (!IsSettled(member.Status.NodeState))
        {
            asked = true;
            var worst = await AskAllAsync(call, stopping);
            if (worst == JoinAnswerKind.Accepted)
            {
                continue;
            }

            await WaitAsync(worst == JoinAnswerKind.Refused ? options.PauseWhenRefused : pause, stopping);
            pause = pause * 2 < options.PauseMax ? pause * 2 : options.PauseMax;
        }

        var status = member.Status;
        if (asked && status.NodeState == NodeState.Member)
        {
            logger.Joined(status.Name);
        }
    }

    // One round. A refusal counts only when nobody had a better answer.
    private async Task<JoinAnswerKind> AskAllAsync(JoinCall call, CancellationToken stopping)
    {
        var best = JoinAnswerKind.Refused;
        foreach (var target in _targets)
        {
            var address = options.Addresses[_address % options.Addresses.Count];
            var answer = await call.AskAsync(target, member.Status.Name, address, stopping);
            if (answer.Kind == JoinAnswerKind.Accepted)
            {
                if (await BecomesMemberAsync(stopping))
                {
                    return JoinAnswerKind.Accepted;
                }

                answer = new JoinAnswer(JoinAnswerKind.NotYet, "it said yes, and this node is not a member yet");
            }

            _address += answer.Kind == JoinAnswerKind.Unreachable ? 1 : 0;
            best = answer.Kind < best ? answer.Kind : best;
            Tell(target, answer);
        }

        return best;
    }

    private async Task<bool> BecomesMemberAsync(CancellationToken stopping)
    {
        var since = time.GetTimestamp();
        while (!IsSettled(member.Status.NodeState))
        {
            if (time.GetElapsedTime(since) >= options.SettleTimeout)
            {
                return false;
            }

            await Task.Delay(LookAgain, time, stopping);
        }

        return true;
    }

    private void Tell(Uri target, JoinAnswer answer)
    {
        var line = $"{target.Authority}: {answer.Words}";
        if (_told.Count < ToldMax && !_told.Contains(line))
        {
            _told.Add(line);
            logger.CannotJoin(target.Authority, answer.Words);
        }
    }

    // Between half of it and all of it: nodes that start together do not ask in step.
    private Task WaitAsync(TimeSpan pause, CancellationToken stopping)
    {
        var half = pause.Ticks / 2;
        var ticks = pause.Ticks - (long)(random.Next() % (ulong)(half + 1));
        return Task.Delay(TimeSpan.FromTicks(ticks), time, stopping);
    }
}
