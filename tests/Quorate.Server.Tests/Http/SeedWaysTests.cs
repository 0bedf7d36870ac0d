using System.Net;
using System.Text;
using Quorate.Mvcc;
using Quorate.Node;
using Quorate.Raft;

namespace Quorate.Server.Tests.Http;

/// <summary>What balsa, raftdb and EASC answer over HTTP, done right.</summary>
public sealed class SeedWaysTests
{
    [Theory]
    [InlineData("GET", "/set?key=a%20b&value=1+2", "")]
    [InlineData("POST", "/set", "key=a+b&value=1%202")]
    public async Task Set_writes_what_it_is_given(string method, string target, string form)
    {
        await using var api = await ApiUnderTest.StartAsync();
        var body = form.Length > 0 ? new StringContent(form, Encoding.UTF8, "application/x-www-form-urlencoded") : null;

        var answer = await api.SendAsync(new HttpMethod(method), target, body);

        Assert.Equal((HttpStatusCode.OK, ""), (answer.Status, answer.Text));
        var put = Assert.IsType<PutCommand>(Assert.Single(api.Member.Proposed));
        Assert.Equal("a b", Encoding.UTF8.GetString(put.Key.Span));
        Assert.Equal("1 2", Encoding.UTF8.GetString(put.Value.Span));
    }

    [Fact]
    public async Task Get_and_remove_take_the_key_from_the_query()
    {
        await using var api = await ApiUnderTest.StartAsync();
        api.Member.Store("a"u8.ToArray(), "1"u8.ToArray());

        Assert.Equal("""{"a":"1"}""", (await api.GetAsync("/get?key=a")).Text);
        Assert.Equal(HttpStatusCode.NotFound, (await api.GetAsync("/get?key=b")).Status);
        Assert.Equal(HttpStatusCode.OK, (await api.GetAsync("/remove?key=a")).Status);

        Assert.IsType<DeleteRangeCommand>(Assert.Single(api.Member.Proposed));
    }

    [Fact]
    public async Task Raftdb_reads_a_missing_key_as_empty()
    {
        await using var api = await StartAsync(Compat.Raftdb);

        var answer = await api.GetAsync("/key/nobody");

        Assert.Equal((HttpStatusCode.OK, """{"nobody":""}"""), (answer.Status, answer.Text));
    }

    [Fact]
    public async Task Raftdb_sends_a_write_to_the_leader_with_path_and_query()
    {
        await using var api = await StartAsync(Compat.Raftdb);
        api.Member.Status = FakeMember.StatusOf(FakeMember.Other) with
        {
            Published = FakeMember.Publishing(FakeMember.Other, "n2", "http://127.0.0.1:22379"),
        };

        var answer = await api.PostAsync("/key?verbose", """{"a":"1"}""");

        Assert.Equal(HttpStatusCode.TemporaryRedirect, answer.Status);
        Assert.Equal("http://127.0.0.1:22379/key?verbose", answer.Header("Location"));
        Assert.Empty(api.Member.Proposed);
    }

    [Fact]
    public async Task Balsa_does_not_store_at_a_follower()
    {
        await using var api = await StartAsync(Compat.Balsa);
        api.Member.Status = FakeMember.StatusOf(FakeMember.Other);

        var answer = await api.GetAsync("/set?key=a&value=1");

        Assert.Equal((HttpStatusCode.ServiceUnavailable, "not_leader"), (answer.Status, answer.Code));
        Assert.Empty(api.Member.Proposed);
    }

    [Fact]
    public async Task Kill_ends_the_node_and_init_empties_its_place()
    {
        await using var api = await ApiUnderTest.StartAsync();

        Assert.Equal(HttpStatusCode.OK, (await api.PostAsync("/init", "")).Status);
        Assert.Equal(HttpStatusCode.OK, (await api.PostAsync("/kill", "")).Status);

        Assert.Equal(["init", "stop"], api.Host.Asked);
    }

    [Fact]
    public async Task Init_of_a_node_with_data_is_refused()
    {
        await using var api = await ApiUnderTest.StartAsync();
        api.Host.Outcome = ChangeOutcome.NotDone(ChangeRefusal.HasData, "it holds data");

        var answer = await api.PostAsync("/init", "");

        Assert.Equal((HttpStatusCode.Conflict, "has_data"), (answer.Status, answer.Code));
    }

    [Fact]
    public async Task Info_says_where_the_leader_is()
    {
        await using var api = await ApiUnderTest.StartAsync();
        Assert.Equal("""{"leaderAddr":"127.0.0.1:2380"}""", (await api.GetAsync("/info")).Text);

        api.Member.Status = FakeMember.StatusOf(leader: 0);
        Assert.Equal("""{"leaderAddr":""}""", (await api.GetAsync("/info")).Text);
    }

    [Fact]
    public async Task Shutdown_ends_the_others_first_and_tells_who_was_gone()
    {
        await using var other = await ApiUnderTest.StartAsync();
        await using var api = await ApiUnderTest.StartAsync();
        var url = other.Client.BaseAddress!.ToString().TrimEnd('/');
        api.Member.Status = FakeMember.StatusOf(FakeMember.Self) with
        {
            Published = FakeMember.Publishing(FakeMember.Other, "n2", url),
        };

        var first = await api.PostAsync("/shutdown", "");
        await other.DisposeAsync();
        var second = await api.PostAsync("/shutdown", "");

        Assert.Equal(["stop"], other.Host.Asked);
        Assert.Equal(["stop", "stop"], api.Host.Asked);
        Assert.Equal("ok", first.Json.GetProperty("nodes")[0].GetProperty("result").GetString());
        Assert.Equal("gone", second.Json.GetProperty("nodes")[0].GetProperty("result").GetString());
    }

    [Theory]
    [InlineData("""["2"]""", """["h:1"]""", """[]""", "must be as many")]
    [InlineData("""["1"]""", """["h:1"]""", """["h:2"]""", "the id \"1\" stands twice")]
    [InlineData("""["2","3"]""", """["h:1","h:2"]""", """["h:3","h:3"]""", "the Raft address http://h:3 stands twice")]
    [InlineData("""[]""", """[]""", """[]""", "send the setup to the node that is to lead")]
    public async Task Setup_is_checked_before_anything_is_begun(
        string ids, string clients, string peers, string words)
    {
        await using var api = await ApiUnderTest.StartAsync();
        var answer = await api.PostAsync("/setup", $$"""
            {"leaderAddr":"h:9","leaderRaftAddr":"127.0.0.1:1","leaderId":"1",
             "clientAddrs":{{clients}},"clientRaftAddrs":{{peers}},"clientIds":{{ids}}}
            """);

        Assert.Equal(HttpStatusCode.BadRequest, answer.Status);
        Assert.Contains(words, answer.Message, StringComparison.Ordinal);
        Assert.Empty(api.Host.Asked);
    }

    [Fact]
    public async Task Setup_with_a_node_down_begins_nothing_and_names_it()
    {
        await using var gone = await ApiUnderTest.StartAsync();
        var url = gone.Client.BaseAddress!.Authority;
        await gone.DisposeAsync();
        await using var api = await ApiUnderTest.StartAsync();
        api.Member.Status = FakeMember.StatusOf(leader: 0) with { NodeState = NodeState.Alone };

        var answer = await api.PostAsync("/setup", $$"""
            {"leaderAddr":"127.0.0.1:2379","leaderRaftAddr":"127.0.0.1:2380","leaderId":"1",
             "clientAddrs":["{{url}}"],"clientRaftAddrs":["127.0.0.1:22380"],"clientIds":["2"]}
            """);

        Assert.Equal((HttpStatusCode.Conflict, "conflict"), (answer.Status, answer.Code));
        Assert.True(answer.Json.GetProperty("retryable").GetBoolean());
        Assert.Equal("failed", answer.Json.GetProperty("nodes")[0].GetProperty("result").GetString());
        Assert.Empty(api.Host.Asked);
        Assert.Empty(api.Member.Changes);
    }

    [Fact]
    public async Task Setup_that_fails_in_the_middle_does_not_call_itself_not_done()
    {
        await using var other = await ApiUnderTest.StartAsync();
        other.Member.Status = FakeMember.StatusOf(leader: 0) with { NodeState = NodeState.Unconfigured };
        var url = other.Client.BaseAddress!.Authority;
        await using var api = await ApiUnderTest.StartAsync();
        api.Member.Status = FakeMember.StatusOf(leader: 0) with { NodeState = NodeState.Alone };
        api.Member.Change = static _ => ChangeOutcome.NotDone(ChangeRefusal.Unreachable, "it went away");

        var answer = await api.PostAsync("/setup", $$"""
            {"leaderAddr":"127.0.0.1:2379","leaderRaftAddr":"127.0.0.1:2380","leaderId":"1",
             "clientAddrs":["{{url}}"],"clientRaftAddrs":["127.0.0.1:22380"],"clientIds":["2"]}
            """);

        Assert.Equal(["begin 1 http://127.0.0.1:2380"], api.Host.Asked);
        Assert.Equal((HttpStatusCode.Conflict, "unknown"), (answer.Status, answer.Outcome));
        Assert.Equal("failed", answer.Json.GetProperty("nodes")[0].GetProperty("result").GetString());
    }

    [Fact]
    public async Task Setup_of_which_one_part_is_unknown_does_not_call_itself_not_done()
    {
        await using var second = await ApiUnderTest.StartAsync();
        await using var third = await ApiUnderTest.StartAsync();
        var free = FakeMember.StatusOf(leader: 0) with { NodeState = NodeState.Unconfigured };
        (second.Member.Status, third.Member.Status) = (free, free);
        var urls = $"\"{second.Client.BaseAddress!.Authority}\",\"{third.Client.BaseAddress!.Authority}\"";
        await using var api = await ApiUnderTest.StartAsync();
        api.Member.Change = static change => change is MemberChange.Add { Name: "n1" }
            ? ChangeOutcome.NotDone(ChangeRefusal.Unreachable, "it went away")
            : ChangeOutcome.Unknown(new NodeId(3));

        var answer = await api.PostAsync("/setup", $$"""
            {"leaderAddr":"127.0.0.1:2379","leaderRaftAddr":"127.0.0.1:2380","leaderId":"n2",
             "clientAddrs":[{{urls}}],"clientRaftAddrs":["127.0.0.1:22380","127.0.0.1:32380"],"clientIds":["n1","n3"]}
            """);

        Assert.Empty(api.Host.Asked);
        Assert.Equal((HttpStatusCode.Conflict, "unknown"), (answer.Status, answer.Outcome));
    }

    private static Task<ApiUnderTest> StartAsync(Compat compat) => ApiUnderTest.StartAsync(
        new ServerOptions { ListenClientUrls = ["http://127.0.0.1:0"], Compat = compat });
}
