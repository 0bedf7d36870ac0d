using System.Buffers.Text;
using System.Net;
using System.Text;
using Quorate.Node;
using Quorate.Raft;

namespace Quorate.Server.Tests.Http;

public sealed class ReadTests
{
    private static readonly byte[] Odd = [0xff, 0x00, 0x2f];

    [Fact]
    public async Task Value_comes_under_its_key()
    {
        await using var api = await StartAsync("a/b", "1 \"é\""u8.ToArray());

        var answer = await api.GetAsync("/key/a%2Fb");

        Assert.Equal(HttpStatusCode.OK, answer.Status);
        Assert.Equal("application/json", answer.Header("Content-Type"));
        Assert.Equal("{\"a/b\":\"1 \\\"é\\\"\"}", answer.Text);
        Assert.Equal("2", answer.Header("Quorate-Revision"));
        Assert.Equal("3", answer.Header("Quorate-Term"));
        Assert.Null(answer.Header("Quorate-Index"));
    }

    [Fact]
    public async Task Missing_key_is_named()
    {
        await using var api = await StartAsync("a", []);

        var answer = await api.GetAsync("/key/A");

        Assert.Equal((HttpStatusCode.NotFound, "not_found"), (answer.Status, answer.Code));
        Assert.Equal("the key \"A\" does not exist", answer.Message);
        Assert.Null(answer.Outcome);
    }

    [Fact]
    public async Task Verbose_tells_the_revisions()
    {
        await using var api = await StartAsync("a", "1"u8.ToArray());

        var answer = await api.GetAsync("/key/a?verbose&level=consistent");

        Assert.Equal(
            "{\"key\":\"a\",\"value\":\"1\",\"createRevision\":2,\"modRevision\":2,\"version\":1,\"revision\":2,"
            + "\"level\":\"consistent\"}",
            answer.Text);
    }

    [Fact]
    public async Task Stale_read_needs_nobody_and_says_how_old_it_is()
    {
        await using var api = await StartAsync("a", "1"u8.ToArray());
        api.Member.ReadIndex = static () => throw new InvalidOperationException("A stale read asks nobody.");
        api.Member.Status = FakeMember.StatusOf(FakeMember.Other) with { MsSinceLeader = 70 };

        var answer = await api.GetAsync("/key/a?level=STALE&verbose");

        Assert.Equal("1", answer.Json.GetProperty("value").GetString());
        Assert.Equal(1, answer.Json.GetProperty("index").GetInt64());
        Assert.Equal(70, answer.Json.GetProperty("ageMs").GetInt64());
        Assert.Equal("1", answer.Header("Quorate-Index"));
        Assert.Equal("70", answer.Header("Quorate-Age-Ms"));
    }

    [Fact]
    public async Task Read_that_waits_outlives_a_leader_that_is_gone()
    {
        await using var api = await StartAsync("a", "1"u8.ToArray());
        var (refusals, confirmed) = (2, api.Member.ReadIndex);
        api.Member.ReadIndex = () => refusals-- > 0
            ? new ReadOutcome(false, RefusalReason.NoLeader, LogIndex.Zero)
            : confirmed();

        var answer = await api.GetAsync("/key/a?wait=1m");

        Assert.Equal("{\"a\":\"1\"}", answer.Text);
    }

    [Fact]
    public async Task Stale_read_before_any_leader_has_no_age()
    {
        await using var api = await StartAsync("a", "1"u8.ToArray());
        api.Member.Status = FakeMember.StatusOf(leader: 0);

        var answer = await api.GetAsync("/key/a?level=stale&redirect=true&wait=1s");

        Assert.Equal("{\"a\":\"1\"}", answer.Text);
        Assert.Equal("1", answer.Header("Quorate-Index"));
        Assert.Null(answer.Header("Quorate-Age-Ms"));
        Assert.Null(api.Member.LastWait);
    }

    [Fact]
    public async Task Bytes_that_are_no_text_need_another_form()
    {
        await using var api = await StartAsync("a", Odd);

        var refused = await api.GetAsync("/key/a");
        var encoded = await api.GetAsync("/key/a?encoding=base64");
        var raw = await api.SendAsync(HttpMethod.Get, "/key/a", accept: "application/octet-stream");

        Assert.Equal((HttpStatusCode.NotAcceptable, "not_acceptable"), (refused.Status, refused.Code));
        Assert.Contains("?encoding=base64", refused.Message, StringComparison.Ordinal);
        Assert.Equal("{\"a\":\"/wAv\"}", encoded.Text);
        Assert.Equal(Odd, raw.Bytes);
        Assert.Equal("application/octet-stream", raw.Header("Content-Type"));
    }

    [Fact]
    public async Task Key_that_is_no_text_can_be_named_in_base64url()
    {
        await using var api = await ApiUnderTest.StartAsync();
        api.Member.Store(Odd, "1"u8.ToArray());
        var name = Base64Url.EncodeToString(Odd);

        var encoded = await api.GetAsync($"/key?key={name}&encoding=base64");
        var refused = await api.GetAsync($"/key?key={name}");
        var raw = await api.SendAsync(HttpMethod.Get, $"/key?key={name}", accept: "application/octet-stream");

        Assert.Equal($"{{\"{name}\":\"MQ==\"}}", encoded.Text);
        Assert.Equal(HttpStatusCode.NotAcceptable, refused.Status);
        Assert.Equal("1", raw.Text);
    }

    [Fact]
    public async Task Value_that_looks_like_an_answer_stays_a_value()
    {
        var value = "HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"u8.ToArray();
        await using var api = await StartAsync("a", value);

        var answer = await api.SendAsync(HttpMethod.Get, "/key/a", accept: "application/octet-stream");

        Assert.Equal(value, answer.Bytes);
    }

    [Fact]
    public async Task Large_values_come_whole()
    {
        var value = Encoding.ASCII.GetBytes(new string('x', 1_500_000));
        await using var api = await StartAsync("a", value);

        var json = await api.GetAsync("/key/a");
        var raw = await api.SendAsync(HttpMethod.Get, "/key/a", accept: "application/octet-stream");

        Assert.Equal(1_500_000, json.Json.GetProperty("a").GetString()!.Length);
        Assert.Equal(value, raw.Bytes);
    }

    [Theory]
    [InlineData("/key")]
    [InlineData("/key/")]
    [InlineData("/key?key=")]
    [InlineData("/key/a?key=YQ")]
    [InlineData("/key/a?level=stael")]
    [InlineData("/key/a?unknown=1")]
    public async Task Wrong_reads_have_no_data(string target)
    {
        await using var api = await StartAsync("a", "1"u8.ToArray());

        var answer = await api.GetAsync(target);

        Assert.Equal((HttpStatusCode.BadRequest, "invalid_argument"), (answer.Status, answer.Code));
    }

    [Fact]
    public async Task Status_keeps_the_shape_that_callers_know()
    {
        await using var api = await ApiUnderTest.StartAsync();

        var json = (await api.GetAsync("/status")).Json;

        Assert.Equal("{\"id\":\"n1\",\"address\":\"127.0.0.1:2380\"}", json.GetProperty("me").GetRawText());
        Assert.Equal("{\"id\":\"n1\",\"address\":\"127.0.0.1:2380\"}", json.GetProperty("leader").GetRawText());
        Assert.Equal(
            "[{\"id\":\"n2\",\"address\":\"127.0.0.1:22380\",\"match\":40,\"next\":43,\"state\":\"replicate\","
            + "\"lastContactMs\":20,\"lag\":2}]",
            json.GetProperty("followers").GetRawText());
        Assert.Equal("leader", json.GetProperty("role").GetString());
        var numbers = new[] { "term", "commit", "applied", "first", "last", "persisted", "revision", "hashIndex" };
        Assert.Equal([3, 41, 40, 1, 42, 42, 17, 40], numbers.Select(name => json.GetProperty(name).GetInt64()));
        Assert.Equal("000000000000feed", json.GetProperty("hash").GetString());
        Assert.Equal(Environment.ProcessId, json.GetProperty("pid").GetInt32());
        Assert.Equal("00000000000000a1", json.GetProperty("memberId").GetString());
        Assert.Equal("00000000000000000000000000000007", json.GetProperty("clusterId").GetString());
    }

    [Fact]
    public async Task Status_tells_what_a_member_does_about_who_leads()
    {
        await using var api = await ApiUnderTest.StartAsync();
        var asking = FakeMember.StatusOf(leader: 0);
        api.Member.Status = asking with
        {
            Raft = asking.Raft with
            {
                Role = RaftRole.Candidate,
                HardState = new HardState(new Term(4), new NodeId(FakeMember.Self)),
                TicksInTerm = 25,
                TicksToElection = 12,
                VotesGranted = 1,
            },
        };

        var json = (await api.GetAsync("/status")).Json;

        var numbers = new[]
        {
            "termMs", "electionTimerMs", "votesGranted", "votesRequired", "hashTerm", "electionMs", "electionMaxMs",
            "requestTimeoutMs",
        };
        Assert.Equal(
            [250, 120, 1, 2, 3, 1000, 2000, 7000], numbers.Select(name => json.GetProperty(name).GetInt64()));
        Assert.Equal("n1", json.GetProperty("votedFor").GetString());
    }

    [Fact]
    public async Task Member_without_a_timer_or_a_vote_says_so()
    {
        await using var api = await ApiUnderTest.StartAsync();

        var json = (await api.GetAsync("/status")).Json;

        Assert.Equal("null", json.GetProperty("votedFor").GetRawText());
        Assert.Equal("null", json.GetProperty("electionTimerMs").GetRawText());
    }

    [Fact]
    public async Task Status_of_a_follower_and_of_a_leaderless_member_names_the_others()
    {
        await using var api = await ApiUnderTest.StartAsync();

        api.Member.Status = FakeMember.StatusOf(FakeMember.Other);
        var follower = (await api.GetAsync("/status")).Json;
        api.Member.Status = FakeMember.StatusOf(leader: 0);
        var leaderless = (await api.GetAsync("/status")).Json;

        Assert.Equal("n2", follower.GetProperty("leader").GetProperty("id").GetString());
        Assert.Equal("[]", follower.GetProperty("followers").GetRawText());
        Assert.Equal("{\"id\":\"\",\"address\":\"\"}", leaderless.GetProperty("leader").GetRawText());
        Assert.Equal(
            "[{\"id\":\"n2\",\"address\":\"127.0.0.1:22380\"}]", leaderless.GetProperty("followers").GetRawText());
    }

    [Fact]
    public async Task Health_is_what_etcds_probes_expect()
    {
        await using var api = await ApiUnderTest.StartAsync();

        Assert.Equal("{\"health\":\"true\",\"reason\":\"\"}", (await api.GetAsync("/health")).Text);

        api.Member.ReadIndex = static () => new ReadOutcome(false, null, LogIndex.Zero);
        var slow = await api.GetAsync("/health");
        Assert.Equal(HttpStatusCode.ServiceUnavailable, slow.Status);
        Assert.StartsWith("RANGE ERROR:", slow.Json.GetProperty("reason").GetString(), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.OK, (await api.GetAsync("/health?serializable=true")).Status);

        api.Member.Status = FakeMember.StatusOf(leader: 0);
        Assert.Equal("{\"health\":\"false\",\"reason\":\"RAFT NO LEADER\"}", (await api.GetAsync("/health")).Text);

        api.Member.Status = FakeMember.StatusOf(FakeMember.Self, noSpace: true);
        Assert.Equal("{\"health\":\"false\",\"reason\":\"ALARM NOSPACE\"}", (await api.GetAsync("/health")).Text);
        Assert.Equal(HttpStatusCode.OK, (await api.GetAsync("/health?serializable=true&exclude=NOSPACE")).Status);
    }

    [Fact]
    public async Task Ready_and_live_list_their_checks()
    {
        await using var api = await ApiUnderTest.StartAsync();

        Assert.Equal("ok\n", (await api.GetAsync("/readyz")).Text);
        Assert.Equal(
            "[+]data_corruption ok\n[+]serializable_read ok\n[+]linearizable_read ok\n[+]non_learner ok\nok\n",
            (await api.GetAsync("/readyz?verbose")).Text);

        api.Member.ReadIndex = static () => new ReadOutcome(false, RefusalReason.NoLeader, LogIndex.Zero);
        var unready = await api.GetAsync("/readyz");
        Assert.Equal(HttpStatusCode.ServiceUnavailable, unready.Status);
        Assert.Contains("[-]linearizable_read failed: no leader is known", unready.Text, StringComparison.Ordinal);
        Assert.Equal("ok\n", (await api.GetAsync("/readyz?exclude=linearizable_read")).Text);
        Assert.Equal("ok\n", (await api.GetAsync("/readyz/serializable_read")).Text);
        Assert.Equal(HttpStatusCode.NotFound, (await api.GetAsync("/readyz/nonsense")).Status);
        Assert.Equal("ok\n", (await api.GetAsync("/livez")).Text);
    }

    [Fact]
    public async Task Version_says_when_nothing_is_decided()
    {
        await using var api = await ApiUnderTest.StartAsync();

        var decided = (await api.GetAsync("/version")).Json;
        var status = FakeMember.StatusOf(leader: 0);
        var raft = status.Raft with { HardState = new HardState(Term.Zero, NodeId.None) };
        api.Member.Status = status with { Raft = raft };
        var undecided = (await api.GetAsync("/version")).Json;

        Assert.NotEqual("not_decided", decided.GetProperty("etcdcluster").GetString());
        Assert.Equal("not_decided", undecided.GetProperty("etcdcluster").GetString());
        Assert.NotEmpty(undecided.GetProperty("quorate").GetString()!);
    }

    private static async Task<ApiUnderTest> StartAsync(string key, byte[] value)
    {
        var api = await ApiUnderTest.StartAsync();
        api.Member.Store(Encoding.UTF8.GetBytes(key), value);
        return api;
    }
}
