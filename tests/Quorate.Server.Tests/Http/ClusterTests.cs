using System.Net;
using Quorate.Node;
using Quorate.Raft;

namespace Quorate.Server.Tests.Http;

/// <summary>Who belongs to the cluster and who leads it, over HTTP.</summary>
public sealed class ClusterTests
{
    private const string N2 = "http://127.0.0.1:22380";

    [Fact]
    public async Task Members_are_listed_with_state_and_progress()
    {
        await using var api = await ApiUnderTest.StartAsync();

        var answer = await api.GetAsync("/members");

        Assert.Equal(HttpStatusCode.OK, answer.Status);
        var members = answer.Json.GetProperty("members");
        Assert.Equal(2, members.GetArrayLength());
        Assert.True(members[0].GetProperty("leader").GetBoolean());
        Assert.Equal("00000000000000b2", members[1].GetProperty("id").GetString());
        Assert.Equal("voter", members[1].GetProperty("state").GetString());
        Assert.Equal(40, members[1].GetProperty("match").GetInt32());
        Assert.Equal(2, members[1].GetProperty("lagEntries").GetInt32());
        Assert.Equal(95, members[1].GetProperty("percent").GetInt32());
        Assert.Equal(20, members[1].GetProperty("lastContactMs").GetInt32());
        Assert.False(answer.Json.GetProperty("changing").GetBoolean());
    }

    [Fact]
    public async Task Follower_lists_members_without_their_progress()
    {
        await using var api = await ApiUnderTest.StartAsync();
        api.Member.Status = FakeMember.StatusOf(FakeMember.Other);

        var member = (await api.GetAsync("/members/n2")).Json.GetProperty("member");

        Assert.True(member.GetProperty("leader").GetBoolean());
        Assert.False(member.TryGetProperty("match", out _));
    }

    public static TheoryData<string, string, string, MemberChange> Changes => new()
    {
        { "POST", "/members", """{"name":"n2","address":"127.0.0.1:22380"}""", Add("n2", learner: false) },
        { "POST", "/members", $$"""{"peerUrls":["{{N2}}"],"learner":true}""", Add("", learner: true) },
        {
            "POST", "/members", $$"""{"peerUrls":["{{N2}}"],"announce":true}""",
            new MemberChange.Announce([N2], StaysLearner: false)
        },
        { "PUT", "/members/n2", $$"""{"peerUrls":["{{N2}}"]}""", new MemberChange.Update(Other, [N2]) },
        { "DELETE", "/members/n2", "", new MemberChange.Remove(Other) },
        { "DELETE", "/members/00000000000000b2", "", new MemberChange.Remove(Other) },
        { "DELETE", "/members/nb2", "", new MemberChange.Remove(Other) },
        { "POST", "/members/n2/promote", "", new MemberChange.Promote(Other) },
        {
            "POST", "/members/n2/replace", """{"name":"n3","address":"127.0.0.1:22380"}""",
            new MemberChange.Replace(Other, "n3", [N2])
        },
        { "POST", "/join", """{"id":"n9","addr":"127.0.0.1:22380"}""", Add("n9", learner: false) },
        {
            "POST", "/join", """{"id":"n9","httpAddr":"127.0.0.1:1","raftAddr":"127.0.0.1:22380"}""",
            Add("n9", learner: false)
        },
        { "POST", "/join", """{"id":"n9","raftAddr":":22380"}""", Add("n9", learner: false) },
        { "GET", "/join?nodeId=n9&raftPort=22380", "", Add("n9", learner: false) },
        { "POST", "/join", "nodeId=n9&raftPort=22380&host=127.0.0.1", Add("n9", learner: false) },
        { "POST", "/join", """{"id":"n1","addr":"127.0.0.1:22380"}""", new MemberChange.Update(Self, [N2]) },
    };

    [Theory]
    [MemberData(nameof(Changes))]
    public async Task Request_asks_for_its_change(string method, string target, string body, MemberChange change)
    {
        await using var api = await ApiUnderTest.StartAsync();

        var answer = await api.SendAsync(new HttpMethod(method), target, new StringContent(body));

        Assert.Equal(HttpStatusCode.OK, answer.Status);
        Assert.Equal(Words(change), Words(Assert.Single(api.Member.Changes)));
    }

    [Fact]
    public async Task Name_that_an_heir_shares_is_still_the_members_whose_place_it_takes()
    {
        await using var api = await ApiUnderTest.StartAsync();
        var before = new MemberInfo(new NodeId(1), "n2", ["http://127.0.0.1:1"]) { Replaces = Other };
        var behind = before with { Id = new NodeId(0xff), Name = "n1", Replaces = Self };
        var status = api.Member.Status;
        api.Member.Status = status with { Members = [before, .. status.Members, behind] };
        var targets = new List<NodeId>();
        api.Member.Transfer = target =>
        {
            targets.Add(target);
            return null;
        };

        Assert.Equal(HttpStatusCode.OK, (await api.SendAsync(HttpMethod.Delete, "/members/n2")).Status);
        Assert.Equal(HttpStatusCode.OK, (await api.SendAsync(HttpMethod.Delete, "/members/n1")).Status);
        Assert.Equal(HttpStatusCode.OK, (await api.PostAsync("/leader", """{"to":"n2"}""")).Status);

        Assert.Equal([new MemberChange.Remove(Other), new MemberChange.Remove(Self)], api.Member.Changes);
        Assert.Equal([Other], targets);
    }

    [Theory]
    [InlineData("POST", "/members", "{", "the body is not JSON")]
    [InlineData("POST", "/members", "{}", "say where its Raft listener is")]
    [InlineData("POST", "/members", """{"adress":"h:1"}""", "unknown field \"adress\"")]
    [InlineData("POST", "/members", """{"address":7}""", "the field \"address\" must be a text")]
    [InlineData("POST", "/members", """{"address":"h:1","address":"h:2"}""", "is given twice")]
    [InlineData("POST", "/members", """{"peerUrls":[1]}""", "must be a list of texts")]
    [InlineData("POST", "/members", """{"address":"h:1","learner":"yes"}""", "must be true or false")]
    [InlineData("PUT", "/members/n2", "", "say where its Raft listener is")]
    [InlineData("DELETE", "/members", "", "name the member")]
    [InlineData("DELETE", "/members/n2?forse=true", "", "unknown parameter 'forse'")]
    [InlineData("DELETE", "/members/n2?timeout=soon", "", "timeout must be a duration")]
    [InlineData("POST", "/join", "", "nodeId is missing")]
    [InlineData("POST", "/join", """{"addr":"h:1"}""", "the field \"id\" is missing")]
    [InlineData("POST", "/join", """{"id":"n9"}""", "say where its Raft listener is")]
    [InlineData("GET", "/join?nodeId=n9&raftPort=abc", "", "raftPort must be a port from 1 to 65535, not 'abc'")]
    [InlineData("POST", "/leader", "", "the field \"to\" is missing")]
    [InlineData("GET", "/set?key=a", "", "no value is given")]
    [InlineData("GET", "/set?value=a", "", "no key is named")]
    [InlineData("POST", "/setup", """{"leaderId":"1"}""", "the field \"leaderAddr\" is missing")]
    public async Task Wrong_request_is_told_what_is_wrong(string method, string target, string body, string words)
    {
        await using var api = await ApiUnderTest.StartAsync();

        var answer = await api.SendAsync(new HttpMethod(method), target, new StringContent(body));

        Assert.Equal(HttpStatusCode.BadRequest, answer.Status);
        Assert.Contains(words, answer.Message, StringComparison.Ordinal);
        Assert.Empty(api.Member.Changes);
    }

    [Fact]
    public async Task Node_of_no_cluster_says_so_when_a_member_is_named()
    {
        await using var api = await ApiUnderTest.StartAsync();
        api.Member.Status = FakeMember.StatusOf(leader: 0) with { NodeState = NodeState.Unconfigured, Members = [] };

        var answer = await api.SendAsync(HttpMethod.Delete, "/members/n2");

        Assert.Equal((HttpStatusCode.ServiceUnavailable, "unconfigured"), (answer.Status, answer.Code));
        Assert.Contains("belongs to no cluster", answer.Message, StringComparison.Ordinal);
        Assert.Empty(api.Member.Changes);
    }

    [Theory]
    [InlineData("/join")]
    [InlineData("/members")]
    [InlineData("/leader")]
    [InlineData("/setup")]
    public async Task Body_that_is_too_large_is_told_to_be(string target)
    {
        await using var api = await ApiUnderTest.StartAsync();

        var answer = await api.PostAsync(target, $$"""{"name":"{{new string('a', 65536)}}"}""");

        Assert.Equal((HttpStatusCode.RequestEntityTooLarge, "too_large"), (answer.Status, answer.Code));
        Assert.Contains("more than 65536 bytes", answer.Message, StringComparison.Ordinal);
        Assert.Empty(api.Member.Changes);
    }

    [Theory]
    [InlineData(ChangeRefusal.LastVoter, 412, "precondition_failed", "last_voter", false)]
    [InlineData(ChangeRefusal.NameTaken, 409, "name_taken", "name_taken", false)]
    [InlineData(ChangeRefusal.HasData, 409, "has_data", "has_data", false)]
    [InlineData(ChangeRefusal.OtherCluster, 409, "other_cluster", "other_cluster", false)]
    [InlineData(ChangeRefusal.Unreachable, 409, "conflict", "unreachable", true)]
    [InlineData(ChangeRefusal.ChangeUnderWay, 409, "conflict", "change_under_way", true)]
    [InlineData(ChangeRefusal.WouldLoseQuorum, 412, "precondition_failed", "would_lose_quorum", false)]
    [InlineData(ChangeRefusal.NoLeader, 503, "no_leader", "no_leader", true)]
    [InlineData(ChangeRefusal.Unconfigured, 503, "unconfigured", "unconfigured", true)]
    [InlineData(ChangeRefusal.NoSuchMember, 404, "not_found", "no_such_member", false)]
    public async Task Refusal_has_code_status_and_word(
        ChangeRefusal why, int status, string code, string word, bool retryable)
    {
        await using var api = await ApiUnderTest.StartAsync();
        api.Member.Change = _ => ChangeOutcome.NotDone(why, "because");

        var answer = await api.SendAsync(HttpMethod.Delete, "/members/n2");

        Assert.Equal(status, (int)answer.Status);
        Assert.Equal((code, "because"), (answer.Code, answer.Message));
        Assert.Equal(word, answer.Json.GetProperty("refusal").GetString());
        Assert.Equal(retryable, answer.Json.GetProperty("retryable").GetBoolean());
    }

    [Fact]
    public async Task Outcome_that_is_not_known_is_told_as_such()
    {
        await using var api = await ApiUnderTest.StartAsync();
        api.Member.Change = _ => ChangeOutcome.Unknown(Other);

        var answer = await api.SendAsync(HttpMethod.Delete, "/members/n2?timeout=1s");

        Assert.Equal((HttpStatusCode.GatewayTimeout, "unknown"), (answer.Status, answer.Outcome));
        Assert.InRange(api.Member.LastTimeout!.Value.TotalSeconds, 0.001, 1);
    }

    [Fact]
    public async Task Stranger_is_told_who_the_members_are()
    {
        await using var api = await ApiUnderTest.StartAsync();

        var answer = await api.SendAsync(HttpMethod.Delete, "/members/n7");

        Assert.Equal(HttpStatusCode.NotFound, answer.Status);
        Assert.Equal("there is no member \"n7\"; there are \"n1\", \"n2\"", answer.Message);
    }

    [Theory]
    [InlineData("/members/n2")]
    [InlineData("/join?nodeId=n9&raftPort=1")]
    [InlineData("/shutdown")]
    [InlineData("/kill")]
    [InlineData("/init")]
    [InlineData("/setup")]
    [InlineData("/leader/step-down")]
    [InlineData("/election")]
    public async Task Page_in_a_browser_may_change_nothing(string target)
    {
        await using var api = await ApiUnderTest.StartAsync();
        var method = target.StartsWith("/members", StringComparison.Ordinal) ? HttpMethod.Delete : HttpMethod.Post;
        using var request = new HttpRequestMessage(method, target);
        request.Headers.Add("Origin", "http://evil.example");

        using var response = await api.Client.SendAsync(request);

        Assert.Equal(HttpStatusCode.Forbidden, response.StatusCode);
        Assert.Empty(api.Member.Changes);
        Assert.Empty(api.Host.Asked);
    }

    [Theory]
    [InlineData("/kill")]
    [InlineData("/init")]
    [InlineData("/setup")]
    [InlineData("/shutdown")]
    [InlineData("/election")]
    [InlineData("/leader/step-down")]
    public async Task Looking_at_a_deed_does_not_do_it(string target)
    {
        await using var api = await ApiUnderTest.StartAsync();

        var answer = await api.GetAsync(target);

        Assert.Equal((HttpStatusCode.MethodNotAllowed, "POST"), (answer.Status, answer.Header("Allow")));
        Assert.Empty(api.Host.Asked);
    }

    [Fact]
    public async Task Unconfigured_node_that_adds_itself_begins_a_cluster()
    {
        await using var api = await ApiUnderTest.StartAsync();
        api.Member.Status = FakeMember.StatusOf(leader: 0) with { NodeState = NodeState.Unconfigured };
        var elections = 0;
        api.Member.Transfer = _ =>
        {
            elections++;
            return null;
        };

        var answer = await api.PostAsync("/members", """{"name":"n1","address":"127.0.0.1:2380"}""");

        Assert.Equal(HttpStatusCode.OK, answer.Status);
        Assert.Equal(["begin n1 http://127.0.0.1:2380"], api.Host.Asked);
        Assert.Equal(1, elections);
        Assert.Empty(api.Member.Changes);
    }

    [Fact]
    public async Task Leadership_goes_where_it_is_told_to()
    {
        await using var api = await ApiUnderTest.StartAsync();
        var targets = new List<NodeId>();
        api.Member.Transfer = target =>
        {
            targets.Add(target);
            return null;
        };

        Assert.Equal(HttpStatusCode.OK, (await api.PostAsync("/leader", """{"to":"n2"}""")).Status);
        Assert.Equal(HttpStatusCode.OK, (await api.PostAsync("/leader", $$"""{"to":"{{Other}}"}""")).Status);
        Assert.Equal(HttpStatusCode.OK, (await api.PostAsync("/leader/step-down", "")).Status);
        var unknown = await api.PostAsync("/leader", """{"to":"n7"}""");
        Assert.Equal(HttpStatusCode.NotFound, unknown.Status);
        Assert.Equal("there is no member \"n7\"; there are \"n1\", \"n2\"", unknown.Message);

        Assert.Equal([Other, Other, NodeId.None], targets);
    }

    [Fact]
    public async Task Follower_sends_a_transfer_to_its_leader()
    {
        await using var api = await ApiUnderTest.StartAsync();
        api.Member.Status = FakeMember.StatusOf(FakeMember.Other) with
        {
            Published = FakeMember.Publishing(FakeMember.Other, "n2", "http://127.0.0.1:22379"),
        };

        var answer = await api.PostAsync("/leader/step-down", "");

        Assert.Equal(HttpStatusCode.TemporaryRedirect, answer.Status);
        Assert.Equal("http://127.0.0.1:22379/leader/step-down", answer.Header("Location"));
    }

    [Theory]
    [InlineData(TransferRefusal.NoSuchVoter, 412, "no_such_voter")]
    [InlineData(TransferRefusal.UnderWay, 409, "under_way")]
    public async Task Transfer_that_is_refused_says_why(TransferRefusal why, int status, string word)
    {
        await using var api = await ApiUnderTest.StartAsync();
        api.Member.Transfer = _ => why;

        var answer = await api.PostAsync("/leader/step-down", "");

        Assert.Equal(status, (int)answer.Status);
        Assert.Equal(word, answer.Json.GetProperty("refusal").GetString());
    }

    private static NodeId Self => new(FakeMember.Self);

    private static NodeId Other => new(FakeMember.Other);

    private static MemberChange.Add Add(string name, bool learner) => new(name, [N2], learner);

    // Lists are compared by what they hold.
    private static string Words(MemberChange change) => change switch
    {
        MemberChange.Add add => $"add {add.Name} {string.Join(' ', add.PeerUrls)} {add.StaysLearner}",
        MemberChange.Announce told => $"announce {string.Join(' ', told.PeerUrls)} {told.StaysLearner}",
        MemberChange.Update update => $"update {update.Member} {string.Join(' ', update.PeerUrls)}",
        MemberChange.Replace put => $"replace {put.Member} {put.Name} {string.Join(' ', put.PeerUrls)}",
        _ => change.ToString(),
    };
}
