namespace Quorate.Cli.Dev;

/// <summary>One node as a row of the table.</summary>
internal sealed record DevRow(
    string Name, string Clients, int? Pid, string Role, string Term, string Commit, string Applied, string Lag)
{
    public const string NoAnswer = "no answer";
    private const string Unknown = "-";

    /// <summary>The row of a node; what it lacks is what the leader says of it.</summary>
    public static DevRow Of(DevNode node, IReadOnlyList<DevNode> all)
    {
        var (name, clients) = (node.Plan.Name, node.Plan.ClientAddress);
        if (node.Pid is null || node.Status is not { } status)
        {
            return new DevRow(name, clients, node.Pid, Absence(node), Unknown, Unknown, Unknown, Unknown);
        }

        return new DevRow(
            name, clients, node.Pid, status.Role, $"{status.Term}", $"{status.Commit}", $"{status.Applied}",
            LagOf(name, status.Role, all));
    }

    private static string Absence(DevNode node) => node switch
    {
        { Pid: not null } => NoAnswer,
        { LastExitCode: { } code } => $"ended ({code})",
        _ => "not started",
    };

    private static string LagOf(string name, string role, IReadOnlyList<DevNode> all) => role == "leader"
        ? "0"
        : all.Select(node => node.Status)
            .Where(status => status?.Role == "leader")
            .SelectMany(status => status!.Followers)
            .Where(follower => follower.Id == name && follower.State is not null)
            .Select(follower => $"{follower.Lag}")
            .FirstOrDefault() ?? Unknown;
}

/// <summary>Everything the screen shows.</summary>
internal sealed record DevView(
    string Title,
    IReadOnlyList<DevRow> Rows,
    IReadOnlyList<string> LinesToTry,
    IReadOnlyList<ScreenLine> Messages,
    string Input,
    int InputCursor);
