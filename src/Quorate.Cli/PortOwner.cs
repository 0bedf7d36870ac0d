using System.Net;
using System.Net.Sockets;
using Quorate.Server;

namespace Quorate.Cli;

/// <summary>Whether a port of this machine is free, and who holds it where the system tells.</summary>
internal static class PortOwner
{
    private const string ListenState = "0A";
    private static readonly string[] Tables = ["/proc/net/tcp", "/proc/net/tcp6"];

    /// <summary>Why nobody could listen there now, as a clause; null when it is free.</summary>
    public static string? WhyTaken(IPAddress address, int port) => Judge(address, port)?.Why;

    /// <summary>The same, with what to do about it, said to somebody who can serve elsewhere.</summary>
    public static (string Why, string Remedy)? Judge(IPAddress address, int port)
    {
        try
        {
            using var listener = ListenUrl.Bind(new IPEndPoint(address, port));
            listener.Listen();
            return null;
        }
        catch (SocketException e) when (e.SocketErrorCode == SocketError.AddressAlreadyInUse)
        {
            var owner = Find(port) is { } pid ? OpenFiles.Describe(pid) : "another process";
            return ($"port {port} is in use by {owner}", "end it, or choose another port");
        }
        catch (SocketException e)
        {
            var remedy = e.SocketErrorCode switch
            {
                SocketError.AddressNotAvailable => "choose an address that this machine has",
                SocketError.AccessDenied => "choose a port from 1024 on, or let this user have it",
                _ => "choose another address or port",
            };
            return ($"{new IPEndPoint(address, port)} cannot be listened on ({e.Message})", remedy);
        }
    }

    /// <summary>The process that listens on a port; null where it cannot be known.</summary>
    public static int? Find(int port)
    {
        if (!OperatingSystem.IsLinux())
        {
            return null;
        }

        var sockets = Tables.Where(File.Exists)
            .SelectMany(File.ReadLines)
            .Select(line => ListeningInode(line, port))
            .OfType<string>()
            .Select(inode => $"socket:[{inode}]")
            .ToArray();
        return sockets.Length == 0 ? null : OpenFiles.FindHolder(sockets);
    }

    /// <summary>Reads a line of the kernel's table: <c>sl local remote state ... inode</c>, in hexadecimal.</summary>
    internal static string? ListeningInode(string line, int port)
    {
        var fields = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        return fields.Length > 9 && fields[3] == ListenState
            && fields[1].EndsWith($":{port:X4}", StringComparison.Ordinal)
            ? fields[9]
            : null;
    }
}
