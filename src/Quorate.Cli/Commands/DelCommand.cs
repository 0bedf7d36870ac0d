using System.CommandLine;
using Quorate.Cli.Client;

namespace Quorate.Cli.Commands;

/// <summary><c>quorate del KEY</c></summary>
internal static class DelCommand
{
    public static Command Create(Surroundings surroundings)
    {
        var key = ClientCommand.KeyArgument();
        var options = new ClientOptions(surroundings);
        var command = new Command("del", "Delete a key; prints how many there were.") { key };
        options.AddTo(command);
        ClientCommand.SetBody(command, options, surroundings, async (parsed, call, cancellationToken) =>
        {
            var answer = await call.Kv.DeleteAsync(ClientCommand.KeyBytes(parsed, key), cancellationToken);
            var line = call.WantsJson
                ? EtcdJson.Delete(
                    answer.Header,
                    await call.IdentifyAsync(answer.Header.Endpoint, cancellationToken),
                    answer.Existed)
                : answer.Existed ? "1" : "0";
            surroundings.Out.WriteLine(line);
            return ExitCodes.Ok;
        });
        return command;
    }
}
