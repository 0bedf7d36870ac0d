using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;

namespace Quorate.Server.Http;

/// <summary>Who may destroy or reshape the cluster while there are no credentials: loopback and members.</summary>
internal sealed class AdminGuard(IMemberGateway member, ServerOptions options)
{
    /// <summary>Null if the caller may, else the refusal.</summary>
    public async ValueTask<ApiError?> JudgeAsync(HttpContext http)
    {
        if (options.InsecureAdmin)
        {
            return null;
        }

        // A page in a browser on this machine comes from loopback too, but says where it was loaded from.
        if (http.Request.Headers.ContainsKey(HeaderNames.Origin))
        {
            return new ApiError(ErrorCode.Forbidden, "web pages may not do this");
        }

        var caller = http.Connection.RemoteIpAddress;
        if (caller is not null && (IPAddress.IsLoopback(caller) || await IsMemberAsync(caller, http.RequestAborted)))
        {
            return null;
        }

        return new ApiError(
            ErrorCode.Forbidden,
            $"only loopback and members may do this, not {caller}; --insecure-admin opens it to all");
    }

    private async ValueTask<bool> IsMemberAsync(IPAddress caller, CancellationToken cancellationToken)
    {
        foreach (var info in member.Status.Members)
        {
            foreach (var url in info.PeerUrls)
            {
                if (Uri.TryCreate(url, UriKind.Absolute, out var uri)
                    && await IsAtAsync(caller, uri.DnsSafeHost, cancellationToken))
                {
                    return true;
                }
            }
        }

        return false;
    }

    private static async ValueTask<bool> IsAtAsync(IPAddress caller, string host, CancellationToken cancellationToken)
    {
        try
        {
            var addresses = await Dns.GetHostAddressesAsync(host, cancellationToken);
            return addresses.Any(address => address.MapToIPv6().Equals(caller.MapToIPv6()));
        }
        catch (SocketException)
        {
            // A name that cannot be looked up is nobody's.
            return false;
        }
    }
}
