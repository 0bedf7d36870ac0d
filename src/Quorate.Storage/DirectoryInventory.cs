namespace Quorate.Storage;

/// <summary>
/// Looks through a data directory and removes what a crash, or a step to another identity, has left: what is not
/// known stays and is told. Runs under the lock, when the identity in force is durable.
/// </summary>
internal sealed class DirectoryInventory(IFileSystem files, string path, FactList facts)
{
    /// <summary>There while a directory is made for the first time: what else is in it is not whole.</summary>
    public const string Unfinished = "unfinished";

    public const string LockName = "lock";

    private const string KeptPrefix = "identity-before-recovery-";

    private static readonly string[] OwnFiles = [IdentityFile.Name, RecoveryNotes.Name, ClientPortFile.Name];

    /// <summary>The name under which the identity of a life is kept when a recovery leaves it.</summary>
    public static string KeptNameOf(DirectoryLife life) => $"{KeptPrefix}{life.Number}";

    /// <summary>The lives that are kept: an identity of before a recovery names them.</summary>
    public IReadOnlyList<DirectoryLife> Kept() =>
        [.. files.List(path).Select(KeptLifeOf).OfType<DirectoryLife>()];

    /// <summary>Tells what is not known here.</summary>
    public void TellUnknown()
    {
        foreach (var name in files.List(path).Where(name => !IsKnown(name)))
        {
            facts.Add(new StorageFact.UnknownFile(PathOf(name)));
        }
    }

    /// <summary>
    /// Removes what is not of this life, nor kept. What cannot be removed is a fact, and tried again.
    /// </summary>
    public void Clean(DirectoryLife current)
    {
        var names = files.List(path);
        var kept = names.Select(KeptLifeOf).OfType<DirectoryLife>().ToList();
        foreach (var name in names.Where(name => IsLeftover(name, current, kept)))
        {
            try
            {
                Remove(name);
            }
            catch (StorageException fault)
            {
                facts.Add(new StorageFact.LeftoverStays(PathOf(name), fault.Message));
            }
        }
    }

    /// <summary>Removes log, snapshots and notes of a life, so that it may begin.</summary>
    public void Remove(DirectoryLife life)
    {
        foreach (var name in files.List(path).Where(name => DirectoryLife.Of(name) == life))
        {
            Remove(name);
        }
    }

    /// <summary>Removes the notes of recoveries and what keeps the lives before them.</summary>
    public void ForgetRecoveries()
    {
        foreach (var name in files.List(path).Where(name => name == RecoveryNotes.Name || KeptLifeOf(name) is not null))
        {
            Remove(name);
        }

        files.SyncDirectory(path);
    }

    /// <summary>From here on, until <see cref="Finished"/>, what is found counts for nothing.</summary>
    public void Begin()
    {
        var mark = PathOf(Unfinished);
        if (!files.FileExists(mark))
        {
            files.Create(mark).Dispose();
        }

        files.SyncDirectory(path);
    }

    /// <summary>The identity is there, and what it names.</summary>
    public void Finished()
    {
        var mark = PathOf(Unfinished);
        if (files.FileExists(mark))
        {
            files.Delete(mark);
            files.SyncDirectory(path);
        }
    }

    private static DirectoryLife? KeptLifeOf(string name) =>
        name.StartsWith(KeptPrefix, StringComparison.Ordinal)
        && DirectoryLife.TryReadNumber(name.AsSpan(KeptPrefix.Length), out var number)
        && KeptNameOf(new DirectoryLife(number)) == name
            ? new DirectoryLife(number)
            : null;

    private static bool IsKnown(string name) =>
        name == LockName || OwnFiles.Contains(name) || DirectoryLife.Of(name) is not null
        || KeptLifeOf(name) is not null;

    private static bool IsLeftover(string name, DirectoryLife current, List<DirectoryLife> kept)
    {
        if (name.EndsWith(AtomicFile.TempExtension, StringComparison.Ordinal))
        {
            var target = name[..^AtomicFile.TempExtension.Length];
            return target != LockName && IsKnown(target);
        }

        // The identity in force needs no keeping: a recovery was left before it was done, or taken back.
        return KeptLifeOf(name) is { } keptLife
            ? keptLife == current
            : DirectoryLife.Of(name) is { } life && life != current && !kept.Contains(life);
    }

    private void Remove(string name)
    {
        var target = PathOf(name);
        if (files.FileExists(target))
        {
            files.Delete(target);
        }
        else
        {
            foreach (var file in files.List(target))
            {
                files.Delete(Path.Join(target, file));
            }

            files.DeleteDirectory(target);
        }

        facts.Add(new StorageFact.LeftoverRemoved(target));
    }

    private string PathOf(string name) => Path.Join(path, name);
}
