using System.CommandLine;
using System.Text;
using Quorate.Cli.Client;

namespace Quorate.Cli.Commands;

/// <summary><c>quorate get KEY</c></summary>
internal static class GetCommand
{
    private static readonly byte[] LineEnd = "\n"u8.ToArray();

    public static Command Create(Surroundings surroundings)
    {
        var key = ClientCommand.KeyArgument();
        var level = new Option<string>("--level")
        {
            Description = "'consistent' asks a quorum, 'stale' only the node itself.",
            DefaultValueFactory = _ => "default",
        };
        level.AcceptOnlyFromAmong("stale", "default", "consistent");
        var failMissing = new Option<bool>("--fail-missing") { Description = "Exit with 3 when the key is missing." };
        var valueOnly = new Option<bool>("--print-value-only") { Description = "Print the value without its key." };
        var options = new ClientOptions(surroundings);
        var command = new Command("get", "Read a key.") { key, level, failMissing, valueOnly };
        options.AddTo(command);
        ClientCommand.SetBody(command, options, surroundings, async (parsed, call, cancellationToken) =>
        {
            var name = ClientCommand.KeyBytes(parsed, key);
            var answer = await call.Kv.GetAsync(name, parsed.GetRequiredValue(level), cancellationToken);
            await PrintAsync(call, name, answer, parsed.GetValue(valueOnly), cancellationToken);
            return answer.Found is null && parsed.GetValue(failMissing) ? ExitCodes.NotFound : ExitCodes.Ok;
        });
        return command;
    }

    private static async Task PrintAsync(
        ClientCall call, byte[] key, GetAnswer answer, bool valueOnly, CancellationToken cancellationToken)
    {
        if (call.WantsJson)
        {
            var node = await call.IdentifyAsync(answer.Header.Endpoint, cancellationToken);
            call.Surroundings.Out.WriteLine(EtcdJson.Get(answer.Header, node, key, answer.Found));
        }
        else if (answer.Found is null)
        {
            // Nothing, as etcdctl: an empty output tells scripts that there is no such key.
        }
        else if (call.Surroundings.OutputIsTerminal && !valueOnly)
        {
            PrintTable(call.Surroundings, key, answer.Found);
        }
        else
        {
            PrintLines(call.Surroundings.RawOut, valueOnly ? null : key, answer.Found.Value);
        }
    }

    private static void PrintTable(Surroundings surroundings, byte[] key, KeyVersion found) =>
        TablePrinter.Print(
            surroundings.Out,
            ["key", "value", "version", "created at", "changed at"],
            [[
                Encoding.UTF8.GetString(key), Encoding.UTF8.GetString(found.Value), $"{found.Version}",
                $"{found.CreateRevision}", $"{found.ModRevision}",
            ]]);

    private static void PrintLines(Stream output, byte[]? key, byte[] value)
    {
        if (key is not null)
        {
            output.Write(key);
            output.Write(LineEnd);
        }

        output.Write(value);
        output.Write(LineEnd);
        output.Flush();
    }
}
