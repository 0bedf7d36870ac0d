using Quorate.Cli.Dev;

namespace Quorate.Cli.Tests.Dev;

public sealed class DevPlanTests
{
    [Fact]
    public void Ports_are_those_of_etcd_s_own_local_cluster()
    {
        var plan = new DevPlan("/d", portBase: null);

        Assert.Equal(["n1", "n2", "n3"], plan.Nodes.Select(node => node.Name));
        Assert.Equal([2379, 22379, 32379], plan.Nodes.Select(node => node.ClientPort));
        Assert.Equal([2380, 22380, 32380], plan.Nodes.Select(node => node.PeerPort));
        Assert.Equal(Path.Combine("/d", "n2"), plan.Nodes[1].Directory);
    }

    [Fact]
    public void A_base_moves_them()
    {
        var plan = new DevPlan("/d", portBase: 7000);

        Assert.Equal([7000, 7010, 7020], plan.Nodes.Select(node => node.ClientPort));
        Assert.Equal([7001, 7011, 7021], plan.Nodes.Select(node => node.PeerPort));
        Assert.Equal(["dev", "--data-dir", "/d", "--port-base", "7000"], plan.DevArguments);
    }

    [Fact]
    public void The_last_port_of_the_highest_base_exists() =>
        Assert.Equal(ushort.MaxValue, new DevPlan("/d", DevPlan.PortBaseMax).Nodes[^1].PeerPort);

    [Fact]
    public void A_node_is_started_with_the_whole_list()
    {
        var plan = new DevPlan("/d", portBase: null);

        var arguments = string.Join(' ', plan.ServeArguments(plan.Nodes[1]));

        Assert.StartsWith("serve --name n2 --data-dir", arguments);
        Assert.Contains("--listen-client-urls http://127.0.0.1:22379", arguments);
        Assert.Contains("--listen-peer-urls http://127.0.0.1:22380", arguments);
        Assert.EndsWith(
            "n1=http://127.0.0.1:2380,n2=http://127.0.0.1:22380,n3=http://127.0.0.1:32380", arguments);
    }

    [Fact]
    public void A_typed_command_can_be_pasted_into_a_shell()
    {
        var self = new SelfCommand("/bin/dotnet", ["/a b/quorate.dll"]);

        Assert.Equal("/bin/dotnet '/a b/quorate.dll' serve 'it'\\''s'", self.Typed(["serve", "it's"]));
    }
}
