using Quorate.Raft;

namespace Quorate.Node.Tests;

public sealed class InboxTests
{
    private readonly Inbox _inbox = new(new InboxBounds(RequestsMax: 2, RequestBytesMax: 100, PeerBytesMax: 10));
    private readonly InboxTurn _turn = new(ticksMax: 3);

    [Fact]
    public void A_full_proposal_lane_refuses_and_never_blocks_acknowledgements()
    {
        var waiter = new Nobody();
        Assert.True(_inbox.TryPost(new ProposalRequest(new byte[1], 1, waiter)));
        Assert.True(_inbox.TryPost(new ProposalRequest(new byte[1], 1, waiter)));

        Assert.False(_inbox.TryPost(new ProposalRequest(new byte[1], 1, waiter)));
        _inbox.PostPersisted(new WriteId(4));

        Assert.True(_inbox.TryTake(_turn));
        Assert.Equal(new WriteId(4), _turn.Persisted);
        Assert.Equal(2, _turn.Proposals.Count);
    }

    [Fact]
    public void One_oversized_proposal_passes_alone_and_the_next_is_refused()
    {
        var waiter = new Nobody();
        Assert.True(_inbox.TryPost(new ProposalRequest(new byte[500], 1, waiter)));

        Assert.False(_inbox.TryPost(new ProposalRequest(new byte[1], 1, waiter)));
    }

    [Fact]
    public void Closed_inbox_takes_no_request_and_keeps_what_is_in_it()
    {
        var waiter = new Nobody();
        Assert.True(_inbox.TryPost(new ProposalRequest(new byte[1], 1, waiter)));

        _inbox.Close();

        Assert.True(_inbox.IsClosed);
        Assert.False(_inbox.TryPost(new ProposalRequest(new byte[1], 1, waiter)));
        Assert.False(_inbox.TryPost(new ReadRequest(1, waiter)));
        Assert.False(_inbox.TryPost(new NodeInput.LeaveAsked(static _ => { })));
        Assert.True(_inbox.TryTake(_turn));
        Assert.Single(_turn.Proposals);
    }

    [Fact]
    public void Each_peer_has_a_share_of_its_own()
    {
        Assert.True(_inbox.TryPostFrame(new NodeId(1), new byte[8]));

        Assert.False(_inbox.TryPostFrame(new NodeId(1), new byte[8]));
        Assert.True(_inbox.TryPostFrame(new NodeId(2), new byte[8]));
    }

    [Fact]
    public void A_share_is_free_again_when_its_frames_are_taken()
    {
        Assert.True(_inbox.TryPostFrame(new NodeId(1), new byte[8]));
        Assert.True(_inbox.TryTake(_turn));

        Assert.True(_inbox.TryPostFrame(new NodeId(1), new byte[8]));
    }

    [Fact]
    public void A_turn_takes_one_heartbeats_worth_of_ticks()
    {
        for (var i = 0; i < 7; i++)
        {
            _inbox.PostTick();
        }

        var taken = new List<int>();
        while (_inbox.TryTake(_turn))
        {
            taken.Add(_turn.Ticks);
        }

        Assert.Equal([3, 3, 1], taken);
    }

    [Fact]
    public void Acknowledgements_are_watermarks()
    {
        _inbox.PostPersisted(new WriteId(4));
        _inbox.PostPersisted(new WriteId(2));
        _inbox.PostApplied(new LogIndex(9), 3);
        _inbox.PostApplied(new LogIndex(8), 5);

        Assert.True(_inbox.TryTake(_turn));
        Assert.Equal(new WriteId(4), _turn.Persisted);
        Assert.Equal(new LogIndex(9), _turn.Applied);
        Assert.Equal(5ul, _turn.AppliedBatch);
        Assert.False(_inbox.TryTake(_turn));
    }

    [Fact]
    public void The_loop_is_woken_once_for_what_one_turn_takes()
    {
        var wakes = 0;
        _inbox.Signal = () => wakes++;

        _inbox.PostTick();
        _inbox.PostTick();
        Assert.Equal(1, wakes);

        Assert.True(_inbox.TryTake(_turn));
        _inbox.PostTick();
        Assert.Equal(2, wakes);
    }

    private sealed class Nobody : IProposalWaiter, IReadWaiter
    {
        public void Completed(in ProposeOutcome outcome)
        {
        }

        public void Completed(in ReadOutcome outcome)
        {
        }
    }
}
