using System.Buffers;
using System.Diagnostics.CodeAnalysis;

namespace Quorate.Mvcc;

/// <summary>
/// Commands to bytes and back; see docs/format/commands.md.
/// <code>| version 1 | kind | body ... |  little endian</code>
/// </summary>
public static class CommandCodec
{
    /// <summary>How many bytes a command takes.</summary>
    public static int EncodedLength(Command command) => CommandFormat.HeadBytes + CommandWriter.BodyLength(command);

    /// <summary>Writes a command; it should have passed <see cref="CommandValidator"/>.</summary>
    public static void Write(Command command, IBufferWriter<byte> target)
    {
        ArgumentNullException.ThrowIfNull(command);
        ArgumentNullException.ThrowIfNull(target);
        var length = EncodedLength(command);
        Write(command, target.GetSpan(length)[..length]);
        target.Advance(length);
    }

    /// <summary>Writes a command into a span of exactly <see cref="EncodedLength"/> bytes.</summary>
    public static void Write(Command command, Span<byte> target)
    {
        ArgumentNullException.ThrowIfNull(command);
        var writer = new CommandWriter(target);
        writer.WriteCommand(command);
        StoreInvariant.Holds(writer.Remaining == 0, "the length computed for a command is the length written");
    }

    /// <summary>The command as bytes of its own.</summary>
    public static byte[] ToBytes(Command command)
    {
        var bytes = new byte[EncodedLength(command)];
        Write(command, bytes.AsSpan());
        return bytes;
    }

    /// <summary>Reads a command that fills <paramref name="source"/> exactly; copies what it keeps.</summary>
    /// <returns>False when the bytes break the format; <paramref name="error"/> says where.</returns>
    /// <exception cref="UnknownCommandException">The version or a kind is not known here.</exception>
    public static bool TryRead(
        ReadOnlySpan<byte> source,
        [NotNullWhen(true)] out Command? command,
        [NotNullWhen(false)] out string? error) =>
        TryRead(source.ToArray().AsMemory(), out command, out error);

    /// <summary>
    /// Reads a command that fills <paramref name="source"/> exactly; its keys and values are slices of it.
    /// </summary>
    /// <returns>False when the bytes break the format; <paramref name="error"/> says where.</returns>
    /// <exception cref="UnknownCommandException">The version or a kind is not known here.</exception>
    public static bool TryRead(
        ReadOnlyMemory<byte> source,
        [NotNullWhen(true)] out Command? command,
        [NotNullWhen(false)] out string? error)
    {
        var reader = new CommandReader(source);
        command = reader.ReadCommand();
        error = reader.Error;
        if (error is not null)
        {
            command = null;
        }

        return command is not null;
    }
}
