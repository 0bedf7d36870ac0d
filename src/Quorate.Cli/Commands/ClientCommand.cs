using System.CommandLine;
using System.Text;
using Quorate.Cli.Client;

namespace Quorate.Cli.Commands;

/// <summary>What one client command has at hand while it runs.</summary>
internal sealed record ClientCall(
    HttpKv Kv, HttpCluster Cluster, HttpKvOptions Options, Surroundings Surroundings, bool WantsJson)
{
    /// <summary>
    /// The identity for the header of JSON answers. The request itself is done by now, so a node that goes away
    /// in between costs only the two ids.
    /// </summary>
    public async Task<NodeStatus?> IdentifyAsync(Endpoint endpoint, CancellationToken cancellationToken)
    {
        try
        {
            return await Kv.StatusAsync(endpoint, cancellationToken);
        }
        catch (KvException e)
        {
            Surroundings.Error.WriteLine($"warning: the ids of the header are unknown: {e.Message}");
            return null;
        }
    }
}

/// <summary>Runs the body of a client command and turns failures into one line and an exit code.</summary>
internal static class ClientCommand
{
    public static void SetBody(
        Command command,
        ClientOptions options,
        Surroundings surroundings,
        Func<ParseResult, ClientCall, CancellationToken, Task<int>> body) =>
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var kvOptions = options.Read(parsed);
            using var kv = new HttpKv(kvOptions);
            using var cluster = new HttpCluster(kvOptions);
            try
            {
                var call = new ClientCall(kv, cluster, kvOptions, surroundings, options.WantsJson(parsed));
                return await body(parsed, call, cancellationToken);
            }
            catch (KvException e)
            {
                surroundings.Error.WriteLine($"error: {e.Message}{RefusalAdvice.For(e)}");
                return e.ExitCode;
            }
            catch (CommandException e)
            {
                surroundings.Error.WriteLine($"error: {e.Message}");
                return ExitCodes.Error;
            }
        });

    /// <summary>The key of a command; never empty.</summary>
    public static Argument<string> KeyArgument()
    {
        var key = new Argument<string>("KEY") { Description = "The key, as UTF-8 text." };
        key.Validators.Add(result =>
        {
            if (string.IsNullOrEmpty(result.GetValueOrDefault<string>()))
            {
                result.AddError("a key is at least one byte long");
            }
        });
        return key;
    }

    public static byte[] KeyBytes(ParseResult parsed, Argument<string> key) =>
        Encoding.UTF8.GetBytes(parsed.GetRequiredValue(key));
}
