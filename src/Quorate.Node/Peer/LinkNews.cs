using Quorate.Raft;

namespace Quorate.Node;

/// <summary>Tells the sink of links in the order in which they changed, one at a time, and under no lock.</summary>
/// <remarks>The sink may pump the node on this very thread, and the node may send: so no lock is held.</remarks>
internal sealed class LinkNews(IPeerSink sink)
{
    private readonly Lock _gate = new();
    private readonly Queue<Item> _items = new();
    private bool _telling;

    public void AddUp(NodeId peer, PeerHello hello) => Add(new Item(peer, hello, Refused: false));

    public void AddDown(NodeId peer, bool refused) => Add(new Item(peer, null, refused));

    /// <summary>Tells everything added; returns at once when another thread is telling.</summary>
    public void Tell()
    {
        lock (_gate)
        {
            if (_telling)
            {
                return;
            }

            _telling = true;
        }

        while (TryTake(out var item))
        {
            if (item.Hello is not null)
            {
                sink.LinkUp(item.Peer, item.Hello);
            }
            else
            {
                sink.LinkDown(item.Peer, item.Refused);
            }
        }
    }

    private void Add(Item item)
    {
        lock (_gate)
        {
            _items.Enqueue(item);
        }
    }

    private bool TryTake(out Item item)
    {
        lock (_gate)
        {
            _telling = _items.TryDequeue(out item);
            return _telling;
        }
    }

    private readonly record struct Item(NodeId Peer, PeerHello? Hello, bool Refused);
}
