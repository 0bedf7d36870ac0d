using System.Diagnostics;
using Microsoft.Extensions.Logging.Abstractions;
using Quorate.Node;
using Quorate.Server;

namespace Quorate.Benchmarks;

/// <summary>
/// Raw sockets against Kestrel's connection handlers on loopback: round trips of one message, and of 64 outstanding
/// ones, with the processor time of both ends. Candidates take turns, so that a busy machine hurts both alike.
/// </summary>
internal static class TransportBenchmark
{
    private const int MessageBytes = 256;
    private const int Rounds = 5;
    private const int KestrelPort = 23899;

    public static async Task<int> RunAsync()
    {
        await using var tcp = TcpPeerTransport.Bind(
            new TcpPeerOptions { ListenUrls = ["http://127.0.0.1:0"] }, NullLogger.Instance);
        await using var kestrel = new KestrelPeerTransport(KestrelPort);
        var candidates = new (string Name, Echoed Link)[]
        {
            ("raw sockets", await ConnectAsync(tcp, $"http://{tcp.BoundTo[0]}")),
            ("Kestrel handlers", await ConnectAsync(kestrel, kestrel.Url)),
        };
        Console.WriteLine("| transport | outstanding | round trips | p50 us | p99 us | per second | CPU us each |");
        Console.WriteLine("|---|---|---|---|---|---|---|");
        foreach (var (outstanding, count) in new[] { (1, 20_000), (64, 400_000) })
        {
            for (var round = 0; round < Rounds; round++)
            {
                foreach (var (name, link) in candidates)
                {
                    Console.WriteLine(await MeasureAsync(name, link, outstanding, count));
                }
            }
        }

        return 0;
    }

    private static async Task<Echoed> ConnectAsync(IPeerTransport transport, string url)
    {
        transport.Listen(static connection => new Echo(connection));
        var link = new Echoed();
        transport.Dial(url, link);
        await link.WhenConnected;
        return link;
    }

    private static async Task<string> MeasureAsync(string name, Echoed link, int outstanding, int count)
    {
        using var process = Process.GetCurrentProcess();
        var cpu = process.TotalProcessorTime;
        var start = Stopwatch.GetTimestamp();
        var times = await link.RunAsync(outstanding, count);
        var elapsed = Stopwatch.GetElapsedTime(start);
        process.Refresh();
        var cpuEach = (process.TotalProcessorTime - cpu).TotalMicroseconds / count;
        Array.Sort(times);
        return $"| {name} | {outstanding} | {count} | {Microseconds(times[count / 2])} "
            + $"| {Microseconds(times[count / 100 * 99])} | {count / elapsed.TotalSeconds:F0} | {cpuEach:F1} |";
    }

    private static string Microseconds(long ticks) => $"{ticks * 1e6 / Stopwatch.Frequency:F0}";

    /// <summary>Sends back whole messages, all of one read in one send, as a follower answers.</summary>
    private sealed class Echo(IPeerConnection connection) : IPeerConnectionHandler
    {
        public void Connected(IPeerConnection dialed) =>
            throw new InvalidOperationException("An accepted connection is not dialed.");

        public int Received(ReadOnlySpan<byte> bytes)
        {
            var whole = bytes.Length - (bytes.Length % MessageBytes);
            if (whole > 0)
            {
                connection.TrySend(bytes[..whole]);
            }

            return whole;
        }

        public void Closed(bool refused, string why) => connection.Close();
    }

    /// <summary>Keeps so many messages on the way and notes how long each took.</summary>
    private sealed class Echoed : IPeerConnectionHandler
    {
        private readonly TaskCompletionSource _connected = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly byte[] _message = new byte[MessageBytes * 64];
        private IPeerConnection? _connection;
        private TaskCompletionSource _done = new();
        private long[] _sentAt = [];
        private long[] _times = [];
        private int _sent;
        private int _back;

        public Task WhenConnected => _connected.Task;

        public async Task<long[]> RunAsync(int outstanding, int count)
        {
            _done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            _times = new long[count];
            _sentAt = new long[count];
            (_sent, _back) = (0, 0);
            Send(outstanding);
            await _done.Task;
            return _times;
        }

        public void Connected(IPeerConnection connection)
        {
            _connection = connection;
            _connected.SetResult();
        }

        public int Received(ReadOnlySpan<byte> bytes)
        {
            var messages = bytes.Length / MessageBytes;
            var now = Stopwatch.GetTimestamp();
            for (var i = 0; i < messages; i++, _back++)
            {
                _times[_back] = now - _sentAt[_back];
            }

            if (_back == _times.Length)
            {
                _done.SetResult();
            }
            else
            {
                Send(Math.Min(messages, _times.Length - _sent));
            }

            return messages * MessageBytes;
        }

        public void Closed(bool refused, string why) => _done.TrySetException(new IOException(why));

        private void Send(int count)
        {
            if (count == 0)
            {
                return;
            }

            _sentAt.AsSpan(_sent, count).Fill(Stopwatch.GetTimestamp());
            _sent += count;
            _connection!.TrySend(_message.AsSpan(0, count * MessageBytes));
        }
    }
}
