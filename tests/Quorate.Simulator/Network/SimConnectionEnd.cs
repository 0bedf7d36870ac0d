using System.Buffers.Binary;
using Quorate.Node;

namespace Quorate.Simulator;

/// <summary>
/// One end of a connection: what its process sends goes to <see cref="Other"/>, and what is on the way to this end
/// waits here until its time has come and the link lets it through.
/// </summary>
internal sealed class SimConnectionEnd(SimNetwork network, SimConnection connection, SimTransport transport)
    : IPeerConnection
{
    private const int EnvelopeBytes = 8;
    private const byte LastHandshakeKind = 3;
    private readonly Queue<Parcel> _stalled = new();
    private byte[] _received = [];
    private int _receivedCount;
    private long _lastArrivalUs;
    private int _bytesOnTheWay;
    private bool _isClosing;

    public SimTransport Transport => transport;

    public SimConnectionEnd? Other { get; set; }

    public IPeerConnectionHandler? Handler { get; set; }

    public string Remote => $"host {Other!.Transport.Host}";

    /// <summary>The handler was told the end, or there is nobody to tell.</summary>
    public bool IsOver => IsEnded || !transport.Process.IsAlive;

    private bool IsEnded { get; set; }

    public bool TrySend(ReadOnlySpan<byte> bytes)
    {
        transport.Process.Touch();
        if (IsEnded || _isClosing)
        {
            return false;
        }

        if (Other!._bytesOnTheWay + bytes.Length > network.Faults.QueueBytesMax && Other._bytesOnTheWay > 0)
        {
            network.Count(FaultKind.SendQueueFull);
            return false;
        }

        if (network.Random.Chance(network.Faults.ResetChance))
        {
            network.Count(FaultKind.ConnectionReset);
            connection.Reset("connection reset (simulated)");
            return false;
        }

        SendFrames(bytes);
        return true;
    }

    public void Close()
    {
        if (IsEnded || _isClosing)
        {
            return;
        }

        _isClosing = true;
        Other!.QueueEnd("closed by the other side");
        EndSoon("closed");
    }

    /// <summary>This end hears that it is over, at once; nothing more arrives at it.</summary>
    public void EndSoon(string why)
    {
        if (!IsEnded)
        {
            IsEnded = true;
            _stalled.Clear();
            network.Events.After(0, () => transport.Tell(() => Handler?.Closed(refused: false, why)));
            connection.ForgetIfDone();
        }
    }

    /// <summary>This end hears that it is over, behind everything that is on its way to it.</summary>
    public void QueueEnd(string why) => Schedule(new Parcel([], why), inOrder: true);

    /// <summary>The link, or the process, may take again what it could not.</summary>
    public void Resume()
    {
        while (_stalled.Count > 0 && !IsStopped)
        {
            Hand(_stalled.Dequeue());
        }
    }

    private bool IsStopped => network.IsBlocked(Other!.Transport.Host, transport.Host)
        || network.HostAt(transport.Host).IsPaused;

    // Frames that nothing happens to go as one parcel, as they would in one segment of a stream.
    private void SendFrames(ReadOnlySpan<byte> bytes)
    {
        var faults = network.Faults;
        var random = network.Random;
        var isPlain = faults is { LossChance: 0, DuplicateChance: 0, ReorderChance: 0 };
        var start = 0;
        for (var at = 0; at < bytes.Length;)
        {
            var length = EnvelopeBytes + BinaryPrimitives.ReadInt32LittleEndian(bytes[at..]);
            var frame = bytes.Slice(at, length);
            transport.FrameLeaves(frame[EnvelopeBytes..]);
            at += length;
            if (isPlain || frame[EnvelopeBytes + 1] <= LastHandshakeKind)
            {
                continue;
            }

            var isLost = Strikes(faults.LossChance, FaultKind.MessageLost);
            var isOvertaken = !isLost && Strikes(faults.ReorderChance, FaultKind.MessageReordered);
            if (isLost || isOvertaken)
            {
                SendPlain(bytes[start..(at - length)]);
                start = at;
            }

            if (isOvertaken || (!isLost && Strikes(faults.DuplicateChance, FaultKind.MessageDuplicated)))
            {
                Other!.Schedule(new Parcel(frame.ToArray(), null), inOrder: false);
            }
        }

        SendPlain(bytes[start..]);
        bool Strikes(double chance, FaultKind kind)
        {
            if (!random.Chance(chance))
            {
                return false;
            }

            network.Count(kind);
            return true;
        }
    }

    private void SendPlain(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length > 0)
        {
            Other!.Schedule(new Parcel(bytes.ToArray(), null), inOrder: true);
        }
    }

    private void Schedule(Parcel parcel, bool inOrder)
    {
        if (IsEnded)
        {
            return;
        }

        var arrival = network.Events.Now + network.DrawDelay();
        if (network.Faults.DelayMeanUs > 1000)
        {
            network.Count(FaultKind.MessageDelayed);
        }

        if (inOrder)
        {
            arrival = _lastArrivalUs = Math.Max(arrival, _lastArrivalUs);
        }

        _bytesOnTheWay += parcel.Bytes.Length;
        network.Events.At(arrival, () => Arrive(parcel));
    }

    private void Arrive(Parcel parcel)
    {
        if (IsEnded)
        {
            return;
        }

        if (_stalled.Count > 0 || IsStopped)
        {
            _stalled.Enqueue(parcel);
        }
        else
        {
            Hand(parcel);
        }
    }

    private void Hand(Parcel parcel)
    {
        if (IsEnded)
        {
            return;
        }

        _bytesOnTheWay -= parcel.Bytes.Length;
        if (parcel.End is { } why)
        {
            EndSoon(why);
            return;
        }

        network.HostAt(transport.Host).Hears(Other!.Transport.Host);
        transport.Tell(() => Offer(parcel.Bytes));
    }

    // Parsers must bear any cut, so some parcels come in two pieces.
    private void Offer(byte[] bytes)
    {
        var cut = network.Random.Chance(0.1) ? network.Random.Below(bytes.Length + 1) : bytes.Length;
        OfferPiece(bytes.AsSpan(0, cut));
        if (cut < bytes.Length)
        {
            OfferPiece(bytes.AsSpan(cut));
        }
    }

    private void OfferPiece(ReadOnlySpan<byte> piece)
    {
        if (IsEnded || Handler is null)
        {
            return;
        }

        if (_receivedCount == 0)
        {
            Keep(piece[Handler.Received(piece)..]);
            return;
        }

        Keep(piece);
        var used = Handler.Received(_received.AsSpan(0, _receivedCount));
        _received.AsSpan(used, _receivedCount - used).CopyTo(_received);
        _receivedCount -= used;
    }

    private void Keep(ReadOnlySpan<byte> bytes)
    {
        if (_received.Length < _receivedCount + bytes.Length)
        {
            Array.Resize(ref _received, Math.Max(_receivedCount + bytes.Length, _received.Length * 2));
        }

        bytes.CopyTo(_received.AsSpan(_receivedCount));
        _receivedCount += bytes.Length;
    }

    // End not null: the connection ends here.
    private readonly record struct Parcel(byte[] Bytes, string? End);
}
