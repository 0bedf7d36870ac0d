using Quorate.Cli.Settings;

namespace Quorate.Cli.Spellings;

/// <summary>etcd's flags. Their names are those of the common settings, so there is nothing to translate.</summary>
internal sealed class EtcdSpelling : Spelling
{
    /// <summary>Those that say who the cluster begins with.</summary>
    public static IReadOnlyList<ServeFlag> StartListFlags { get; } =
    [
        new("initial-cluster", "N=URL,...", "Members of the first start. [default: itself alone]"),
        new("initial-cluster-state", "new|existing", "existing: wait until a member comes. [default: new]"),
        new("initial-cluster-token", "TOKEN", "Keeps equal lists apart. [default: etcd-cluster]"),
        ServeFlag.Switch("bootstrap-quorum", "Begin with a majority of --initial-cluster, not all."),
    ];

    public override string Owner => "etcd";

    public override IReadOnlyList<ServeFlag> Flags { get; } =
    [
        new("name", "NAME", "Name of this member. [default: default]"),
        new("data-dir", "DIR", "Where the data is kept. [default: NAME.quorate]"),
        new("listen-client-urls", "URLS", "Where clients are served. [default: http://127.0.0.1:2379]"),
        new("listen-peer-urls", "URLS", "Where members are served. [default: http://127.0.0.1:2380]"),
        .. StartListFlags,
    ];

    public override void Translate(GivenFlags given, SettingDraft draft)
    {
        foreach (var flag in Flags)
        {
            draft.Set(flag.Name, given.Find(flag));
        }
    }
}
