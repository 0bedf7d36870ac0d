namespace Quorate.Mvcc;

/// <summary>What a committed entry carries. The numbers are those of the log.</summary>
public enum CommittedKind : byte
{
    /// <summary>Nothing; it moves the applied position only.</summary>
    Noop = 1,

    /// <summary>A command in the bytes of <see cref="CommandCodec"/>.</summary>
    Command = 2,

    /// <summary>A cluster configuration, kept as it is.</summary>
    ConfigChange = 3,
}
