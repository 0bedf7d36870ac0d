using Quorate.Node;
using Quorate.Storage;

namespace Quorate.Cli.Offline;

/// <summary>
/// The directories that a recovery looks at, all under their locks until it is over. Those that are only surveyed are
/// read through an overlay, so that not a byte of them changes.
/// </summary>
internal sealed class OpenedDirectories : IDisposable
{
    private readonly List<DataDirectory> _all = [];

    private OpenedDirectories()
    {
    }

    /// <summary>The directory that is recovered.</summary>
    public DataDirectory Own => _all[0];

    public static OpenedDirectories Open(string own, IReadOnlyList<string> surveyed)
    {
        var files = new RealFileSystem();
        var opened = new OpenedDirectories();
        try
        {
            opened.Add(files, own);
            foreach (var path in surveyed)
            {
                opened.Add(new OverlayFileSystem(files), path);
            }

            return opened;
        }
        catch (Exception e) when (e is StorageException or CommandException)
        {
            opened.Dispose();
            throw;
        }
    }

    /// <summary>Looks into all of them and judges whether the first is the one to go on from.</summary>
    /// <exception cref="RecoveryRefusedException">It is not.</exception>
    public RecoveryPlan Judge() => RecoveryPlan.Judge(DirectorySurvey.Read(Own), [.. _all.Skip(1).Select(ReadOther)]);

    public void Dispose() => _all.ForEach(directory => directory.Dispose());

    private static DirectorySurvey ReadOther(DataDirectory directory)
    {
        try
        {
            return DirectorySurvey.Read(directory);
        }
        catch (DamageException e)
        {
            throw new CommandException(
                $"{directory.Path} cannot be surveyed; left out, it counts as not surveyed. {e.Message}");
        }
    }

    private void Add(IFileSystem files, string path)
    {
        var full = Path.TrimEndingDirectorySeparator(Path.GetFullPath(path));
        if (_all.Exists(other => PathRules.SameName(PathRules.Current, other.Path, full)))
        {
            throw new CommandException($"{full} is named twice: each directory is looked at once");
        }

        _all.Add(OfflineCommand.Open(files, full));
    }
}
