namespace Quorate.Storage;

/// <summary>
/// Replaces a small file in one durable step: written aside, synced, renamed, the directory synced. A crash leaves
/// the old one or the new one, and perhaps a <c>.tmp</c> that the next write replaces.
/// </summary>
internal static class AtomicFile
{
    public const string TempExtension = ".tmp";

    public static void Write(IFileSystem files, string directory, string name, ReadOnlySpan<byte> bytes)
    {
        var path = Path.Join(directory, name);
        var temp = path + TempExtension;
        if (files.FileExists(temp))
        {
            files.Delete(temp);
        }

        using (var file = files.Create(temp))
        {
            file.Write(0, bytes);
            file.Sync();
        }

        files.Rename(temp, path);
        files.SyncDirectory(directory);
    }
}

/// <summary>Reads of what must be there: an error is damage, never absence.</summary>
internal static class DamageCheck
{
    public static byte[] ReadAll(IFile file)
    {
        var length = file.Length;
        if (length > Array.MaxLength)
        {
            throw new DamageException(file.Path, 0, $"the file has {length} bytes, more than it was made with");
        }

        var bytes = GC.AllocateUninitializedArray<byte>((int)length);
        Read(file, 0, bytes);
        return bytes;
    }

    public static void Read(IFile file, long offset, Span<byte> target)
    {
        int read;
        try
        {
            read = file.Read(offset, target);
        }
        catch (StorageException fault) when (fault is not DamageException)
        {
            throw new DamageException(file.Path, offset, $"it cannot be read ({fault.Message})", fault);
        }

        if (read != target.Length)
        {
            throw new DamageException(file.Path, offset + read, "the file ends here, there was more");
        }
    }
}
