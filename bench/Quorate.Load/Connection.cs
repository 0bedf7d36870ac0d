using System.Diagnostics;
using System.Net.Sockets;

namespace Quorate.Load;

/// <summary>
/// One connection to one node, with one request in flight, or several behind each other when more are outstanding
/// than there are connections. One loop sends and receives, so that nothing here is shared with another thread but
/// the work and, for reading, the tally.
/// </summary>
internal sealed class Connection(int number, LoadOptions options, Work work, int depth)
{
    private readonly Queue<(OperationKind Kind, long SentAt)> _inFlight = new(depth);
    private byte[] _received = new byte[16 * 1024];
    private int _filled;
    private Chance _chance = new(options.Seed * 1_000_003 + (ulong)number);
    private int _endpoint = number;

    public Tally Tally { get; } = new();

    /// <summary>Works until there is nothing left to do, over as many sockets as it takes.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        while (!work.IsOver && !cancellationToken.IsCancellationRequested)
        {
            var endpoint = options.Endpoints[_endpoint % options.Endpoints.Count];
            try
            {
                await WorkAtAsync(endpoint, cancellationToken);
            }
            catch (Exception e) when (e is SocketException or InvalidDataException or OperationCanceledException)
            {
                Tally.OutcomeUnknown("connection lost", _inFlight.Count);
                _inFlight.Clear();
                _endpoint++;
                await PauseAsync(cancellationToken);
            }
        }
    }

    private async Task WorkAtAsync(string endpoint, CancellationToken cancellationToken)
    {
        using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(Endpoint.Parse(endpoint), cancellationToken);
        }
        catch (SocketException)
        {
            Tally.CertainlyRefused("no connection");
            throw;
        }

        var requests = new RequestWriter(endpoint, options, ref _chance);
        _filled = 0;
        while (Refill(requests))
        {
            await SendAllAsync(socket, requests.Written, cancellationToken);
            var errors = await ReceiveAsync(socket, cancellationToken);
            if (errors > 0)
            {
                await PauseAsync(cancellationToken);
            }
        }
    }

    // False when nothing is in flight and nothing is left to send.
    private bool Refill(RequestWriter requests)
    {
        requests.Clear();
        var now = Stopwatch.GetTimestamp();
        while (_inFlight.Count < depth && work.TryTake(ref _chance, out var operation))
        {
            requests.Write(operation);
            _inFlight.Enqueue((operation.Kind, now));
        }

        return _inFlight.Count > 0;
    }

    private static async Task SendAllAsync(
        Socket socket, ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken)
    {
        for (var rest = bytes; rest.Length > 0;)
        {
            rest = rest[await socket.SendAsync(rest, cancellationToken)..];
        }
    }

    // Receives until at least one answer is whole; returns how many of them were errors.
    private async Task<int> ReceiveAsync(Socket socket, CancellationToken cancellationToken)
    {
        while (true)
        {
            if (_filled == _received.Length)
            {
                Array.Resize(ref _received, 2 * _received.Length);
            }

            var count = await socket.ReceiveAsync(_received.AsMemory(_filled), cancellationToken);
            if (count == 0)
            {
                throw new SocketException((int)SocketError.ConnectionReset);
            }

            _filled += count;
            var (answers, errors) = TakeAnswers();
            if (answers > 0)
            {
                return errors;
            }
        }
    }

    private (int Answers, int Errors) TakeAnswers()
    {
        var (answers, errors, at) = (0, 0, 0);
        var now = Stopwatch.GetTimestamp();
        while (_inFlight.Count > 0
            && HttpResponse.TryRead(_received.AsSpan(at, _filled - at), out var status, out var body, out var consumed))
        {
            at += consumed;
            answers++;
            var (kind, sentAt) = _inFlight.Dequeue();
            var nanoseconds = (long)Stopwatch.GetElapsedTime(sentAt, now).TotalNanoseconds;
            errors += Tally.Answered(kind, status, body, nanoseconds) ? 0 : 1;
        }

        _received.AsSpan(at, _filled - at).CopyTo(_received);
        _filled -= at;
        return (answers, errors);
    }

    // A node that refuses would otherwise be asked as fast as it can refuse.
    private static async Task PauseAsync(CancellationToken cancellationToken) =>
        await Task.Delay(TimeSpan.FromMilliseconds(20), cancellationToken)
            .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
}
