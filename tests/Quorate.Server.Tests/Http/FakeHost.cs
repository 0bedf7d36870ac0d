using Quorate.Node;
using Quorate.Raft;
using Quorate.Server.Http;

namespace Quorate.Server.Tests.Http;

/// <summary>Answers in the place of whoever runs the member; what it is asked for it keeps.</summary>
internal sealed class FakeHost : INodeHost
{
    /// <summary>As in <c>begin 1 http://127.0.0.1:7151</c>.</summary>
    public List<string> Asked { get; } = [];

    public ChangeOutcome Outcome { get; set; } = ChangeOutcome.Done(new NodeId(FakeMember.Self));

    public Task<ChangeOutcome> BecomeClusterOfOneAsync(string name, IReadOnlyList<string> peerUrls)
    {
        Asked.Add($"begin {name} {string.Join(' ', peerUrls)}");
        return Task.FromResult(Outcome);
    }

    public Task<ChangeOutcome> BecomeUnconfiguredAsync()
    {
        Asked.Add("init");
        return Task.FromResult(Outcome);
    }

    public void BeginStop() => Asked.Add("stop");
}
