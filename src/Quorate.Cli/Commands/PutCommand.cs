using System.CommandLine;
using System.Text;
using Quorate.Cli.Client;

namespace Quorate.Cli.Commands;

/// <summary><c>quorate put KEY VALUE</c></summary>
internal static class PutCommand
{
    // The cluster takes 1.5 MiB; what is far above it is not even read.
    private const int ValueBytesMax = 16 * 1024 * 1024;

    public static Command Create(Surroundings surroundings)
    {
        var key = ClientCommand.KeyArgument();
        var value = new Argument<string>("VALUE") { Description = "The value; - reads it from standard input." };
        var options = new ClientOptions(surroundings);
        var command = new Command("put", "Write a key.") { key, value };
        options.AddTo(command);
        ClientCommand.SetBody(command, options, surroundings, async (parsed, call, cancellationToken) =>
        {
            var bytes = await ReadValueAsync(parsed.GetRequiredValue(value), surroundings.RawIn, cancellationToken);
            var answer = await call.Kv.PutAsync(ClientCommand.KeyBytes(parsed, key), bytes, cancellationToken);
            await PrintAsync(call, answer, cancellationToken);
            return ExitCodes.Ok;
        });
        return command;
    }

    private static async Task PrintAsync(ClientCall call, PutAnswer answer, CancellationToken cancellationToken)
    {
        var line = call switch
        {
            { WantsJson: true } => EtcdJson.Put(
                answer.Header, await call.IdentifyAsync(answer.Header.Endpoint, cancellationToken)),
            { Surroundings.OutputIsTerminal: true } => $"OK, revision {answer.Header.Revision}",
            _ => "OK",
        };
        call.Surroundings.Out.WriteLine(line);
    }

    private static async Task<byte[]> ReadValueAsync(string value, Stream input, CancellationToken cancellationToken)
    {
        if (value != "-")
        {
            return Encoding.UTF8.GetBytes(value);
        }

        using var read = new MemoryStream();
        var buffer = new byte[64 * 1024];
        int count;
        while ((count = await input.ReadAsync(buffer, cancellationToken)) > 0)
        {
            read.Write(buffer, 0, count);
            if (read.Length > ValueBytesMax)
            {
                throw new CommandException("the value on standard input is far too large; 1.5 MiB is the limit");
            }
        }

        return read.ToArray();
    }
}
