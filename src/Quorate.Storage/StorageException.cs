namespace Quorate.Storage;

/// <summary>A disk did not do as asked. The message names the path and says what to do.</summary>
public class StorageException : Exception
{
    /// <summary>Makes one.</summary>
    /// <param name="path">The file or directory it is about.</param>
    /// <param name="message">A sentence: what is wrong, where, what to do.</param>
    /// <param name="inner">What the system said, or null.</param>
    public StorageException(string path, string message, Exception? inner)
        : base(message, inner) => Path = path;

    /// <summary>The file or directory it is about.</summary>
    public string Path { get; }
}

/// <summary>The disk, or the quota, has no room. The only fault after which going on is right.</summary>
public sealed class DiskFullException(string path, Exception? inner)
    : StorageException(path, $"No room on the disk for {path}: free some space.", inner);

/// <summary>
/// Data that was acknowledged is damaged, or cannot be read. Going on as if it had never been there could lose
/// what the cluster promised, so the node stops.
/// </summary>
public sealed class DamageException : StorageException
{
    /// <summary>Makes one.</summary>
    /// <param name="path">The damaged file.</param>
    /// <param name="offset">Where the damage begins, in bytes.</param>
    /// <param name="what">What is wrong there, as the end of a sentence.</param>
    /// <param name="inner">What the system said, or null.</param>
    public DamageException(string path, long offset, string what, Exception? inner = null)
        : base(path, $"{path} is damaged at offset {offset}: {what}. {Advice}", inner) => Offset = offset;

    /// <summary>Where the damage begins, in bytes.</summary>
    public long Offset { get; }

    private const string Advice =
        "Keep the directory for inspection, check the disk, and bring this node back as a new member with an empty "
        + "data directory (\"quorate reset\" empties one whose identity is left); do not delete single files.";
}

/// <summary>The directory is another node's, of a newer format, or in use by another process.</summary>
public sealed class IdentityException(string path, string message) : StorageException(path, message, inner: null)
{
    /// <summary>Whether another process uses the directory.</summary>
    public bool IsInUse { get; init; }
}
