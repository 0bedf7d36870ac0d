using System.Text;
using Quorate.Mvcc;
using Quorate.Node;
using Quorate.Raft;
using Quorate.Storage;

namespace Quorate.Cli.Tests.Offline;

/// <summary>
/// Real data directories, as voters of the list n1, n2, n3 have left them: entry 1 names the three, the others are puts
/// of keys k2, k3 and so on.
/// </summary>
internal sealed class MadeDirectory : IDisposable
{
    private readonly string _root = Directory.CreateTempSubdirectory("quorate-offline-").FullName;

    /// <summary>Makes the directory of a member; its puts have these terms.</summary>
    public string Make(int number, ulong commit, params ulong[] terms)
    {
        var identity = new DirectoryIdentity(
            new UInt128(4, 2), new NodeId((ulong)number), (UInt128)(ulong)number, $"n{number}");
        var batch = new WalBatch();
        batch.Begin(new WriteId(1), new HardState(new Term(terms.Append(1ul).Max()), NodeId.None));
        Add(batch, 1, 1, EntryKind.ConfigChange, Config().ToBytes());
        foreach (var (at, term) in terms.Index())
        {
            var index = (ulong)at + 2;
            var put = new PutCommand(Encoding.UTF8.GetBytes($"k{index}"), "v"u8.ToArray());
            Add(batch, index, term, EntryKind.Command, CommandCodec.ToBytes(put));
        }

        batch.CommitHint = new LogIndex(commit);
        var path = PathOf($"n{number}");
        var start = new DirectoryStart { Log = new WalOptions { SegmentBytes = 64 * 1024 }, FirstFrame = batch };
        DataDirectory.Create(new RealFileSystem(), path, identity, start).Dispose();
        return path;
    }

    public string PathOf(string name) => Path.Combine(_root, name);

    /// <summary>Every file below a directory: name, time of the last change, content.</summary>
    public static IReadOnlyList<string> Contents(string path) =>
    [
        .. Directory.EnumerateFiles(path, "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal)
            .Select(file =>
                $"{file} {File.GetLastWriteTimeUtc(file):O} {Convert.ToHexString(File.ReadAllBytes(file))}"),
    ];

    public static DirectoryIdentity IdentityOf(string path)
    {
        using var directory = DataDirectory.Open(new RealFileSystem(), path);
        return directory.Identity;
    }

    public void Dispose() => Directory.Delete(_root, recursive: true);

    private static ClusterConfig Config()
    {
        var members = Enumerable.Range(1, 3)
            .Select(at => new MemberInfo(new NodeId((ulong)at), $"n{at}", [$"http://127.0.0.{at}:2380"]))
            .ToList();
        return new ClusterConfig(
            members.Select(member => member.Id), attachment: new Roster(members, []).ToBytes());
    }

    private static void Add(WalBatch batch, ulong index, ulong term, EntryKind kind, byte[] payload)
    {
        var record = new byte[EntryRecord.SizeOf(payload.Length)];
        var id = new EntryId(new Term(term), new LogIndex(index));
        var header = new EntryHeader(id, kind, ProposalId.None, record.Length);
        EntryRecord.Write(record, group: 0, header, payload);
        batch.Add(header, record);
    }
}
