using System.Net;
using System.Text;
using Quorate.Mvcc;
using Quorate.Node;
using Quorate.Raft;

namespace Quorate.Server.Tests.Http;

public sealed class WriteTests
{
    [Fact]
    public async Task One_pair_becomes_one_put()
    {
        await using var api = await ApiUnderTest.StartAsync();

        var answer = await api.PostAsync("/key", "{\"a\":\"1\"}");

        Assert.Equal(HttpStatusCode.OK, answer.Status);
        Assert.Empty(answer.Bytes);
        Assert.Equal("18", answer.Header("Quorate-Revision"));
        Assert.Equal("3", answer.Header("Quorate-Term"));
        Assert.Equal("00000000000000a1", answer.Header("Quorate-Member"));
        var put = Assert.IsType<PutCommand>(Assert.Single(api.Member.Proposed));
        Assert.Equal("a=1", $"{Text(put.Key)}={Text(put.Value)}");
    }

    [Fact]
    public async Task Many_pairs_become_one_transaction()
    {
        await using var api = await ApiUnderTest.StartAsync();

        var answer = await api.PostAsync("/key?verbose", "{\"a\":\"1\",\"b\":\"2\",\"c\":\"3\"}");

        Assert.Equal("{\"revision\":18}", answer.Text);
        var txn = Assert.IsType<TxnCommand>(Assert.Single(api.Member.Proposed));
        Assert.Empty(txn.Compares);
        Assert.Empty(txn.Failure);
        var puts = txn.Success.Cast<TxnOperation.Put>().Select(put => put.Command);
        Assert.Equal("a=1 b=2 c=3", string.Join(' ', puts.Select(put => $"{Text(put.Key)}={Text(put.Value)}")));
    }

    [Fact]
    public async Task More_keys_than_a_foreign_transaction_may_have_still_fit()
    {
        await using var api = await ApiUnderTest.StartAsync();
        var pairs = Enumerable.Range(0, 1000).Select(number => $"\"k{number}\":\"v\"");

        var answer = await api.PostAsync("/key", $"{{{string.Join(',', pairs)}}}");

        Assert.Equal(HttpStatusCode.OK, answer.Status);
        Assert.Equal(1000, Assert.IsType<TxnCommand>(Assert.Single(api.Member.Proposed)).Success.Count);
    }

    [Theory]
    [InlineData("/key/a%2Fb/..%2e//c", "a/b/...//c")]
    [InlineData("/key/%C3%A9+", "é+")]
    [InlineData("/key?key=YS9i", "a/b")]
    public async Task Put_stores_the_body_as_it_is(string target, string key)
    {
        await using var api = await ApiUnderTest.StartAsync();
        byte[] value = [0, 255, .. "\r\n{"u8];

        var answer = await api.SendAsync(HttpMethod.Put, target, new ByteArrayContent(value));

        Assert.Equal(HttpStatusCode.OK, answer.Status);
        var put = Assert.IsType<PutCommand>(Assert.Single(api.Member.Proposed));
        Assert.Equal(key, Text(put.Key));
        Assert.Equal(value, put.Value.ToArray());
    }

    [Fact]
    public async Task Put_takes_base64_when_told()
    {
        await using var api = await ApiUnderTest.StartAsync();

        var good = await api.SendAsync(
            HttpMethod.Put, "/key/a?encoding=base64", new ByteArrayContent("AP8="u8.ToArray()));
        var bad = await api.SendAsync(HttpMethod.Put, "/key/a?encoding=base64", new ByteArrayContent("A!"u8.ToArray()));

        Assert.Equal(HttpStatusCode.OK, good.Status);
        Assert.Equal([0, 255], Assert.IsType<PutCommand>(Assert.Single(api.Member.Proposed)).Value.ToArray());
        Assert.Equal("the body is not base64", bad.Message);
    }

    [Fact]
    public async Task Delete_says_whether_the_key_existed()
    {
        await using var api = await ApiUnderTest.StartAsync();

        var quiet = await api.SendAsync(HttpMethod.Delete, "/key/a");
        var verbose = await api.SendAsync(HttpMethod.Delete, "/key/a?verbose=true");

        Assert.Empty(quiet.Bytes);
        Assert.Equal("{\"revision\":18,\"existed\":true}", verbose.Text);
        Assert.All(api.Member.Proposed, command => Assert.IsType<DeleteRangeCommand>(command));
    }

    [Theory]
    [InlineData(RefusalReason.NoLeader, 503, "no_leader")]
    [InlineData(RefusalReason.NotLeader, 503, "not_leader")]
    [InlineData(RefusalReason.NotReady, 503, "no_leader")]
    [InlineData(RefusalReason.Transferring, 503, "no_leader")]
    [InlineData(RefusalReason.NoSpace, 503, "no_space")]
    [InlineData(RefusalReason.Unconfigured, 503, "unconfigured")]
    [InlineData(RefusalReason.ShuttingDown, 503, "shutting_down")]
    [InlineData(RefusalReason.Overloaded, 429, "too_many_requests")]
    public async Task What_was_refused_was_not_done_and_may_be_repeated(RefusalReason reason, int status, string code)
    {
        await using var api = await ApiUnderTest.StartAsync();
        api.Member.Propose = () => ProposeOutcome.NotDone(reason);
        api.Member.ReadIndex = () => new ReadOutcome(false, reason, LogIndex.Zero);

        foreach (var answer in new[] { await api.PostAsync("/key", "{\"a\":\"1\"}"), await api.GetAsync("/key/a") })
        {
            Assert.Equal(status, (int)answer.Status);
            Assert.Equal(code, answer.Code);
            Assert.Equal("not_done", answer.Outcome);
            Assert.True(answer.Json.GetProperty("retryable").GetBoolean());
            Assert.Equal("1", answer.Header("Retry-After"));
            Assert.Equal("n1", answer.Json.GetProperty("leader").GetProperty("id").GetString());
        }
    }

    [Fact]
    public async Task Removed_node_says_so_and_what_to_do()
    {
        await using var api = await ApiUnderTest.StartAsync();
        api.Member.Propose = static () => ProposeOutcome.NotDone(RefusalReason.Removed);

        var answer = await api.PostAsync("/key", "{\"a\":\"1\"}");

        Assert.Equal(503, (int)answer.Status);
        Assert.Equal("unconfigured", answer.Code);
        Assert.Equal("removed", answer.Json.GetProperty("refusal").GetString());
        Assert.Contains("empty it with quorate reset", answer.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_a_new_leader_dropped_was_not_done()
    {
        await using var api = await ApiUnderTest.StartAsync();
        api.Member.Propose = static () => ProposeOutcome.NotDone(refused: null);

        var answer = await api.PostAsync("/key", "{\"a\":\"1\"}");

        Assert.Equal(("no_leader", "not_done"), (answer.Code, answer.Outcome));
    }

    [Fact]
    public async Task What_was_proposed_and_not_known_in_time_is_unknown()
    {
        await using var api = await ApiUnderTest.StartAsync();
        api.Member.Propose = static () => ProposeOutcome.Unknown();
        api.Member.ReadIndex = static () => new ReadOutcome(false, null, LogIndex.Zero);

        var write = await api.PostAsync("/key", "{\"a\":\"1\"}");
        var read = await api.GetAsync("/key/a");

        Assert.Equal(HttpStatusCode.GatewayTimeout, write.Status);
        Assert.Equal(("timeout", "unknown"), (write.Code, write.Outcome));
        Assert.False(write.Json.GetProperty("retryable").GetBoolean());
        Assert.Equal(HttpStatusCode.GatewayTimeout, read.Status);
        Assert.True(read.Json.GetProperty("retryable").GetBoolean());
    }

    [Theory]
    [InlineData("", 7)]
    [InlineData("?timeout=30s", 30)]
    [InlineData("?wait=4s", 11)]
    [InlineData("?wait=4s&timeout=20s", 20)]
    public async Task Time_limit_is_the_callers_or_the_usual_one(string query, int seconds)
    {
        await using var api = await ApiUnderTest.StartAsync();

        await api.PostAsync("/key" + query, "{\"a\":\"1\"}");

        Assert.InRange(api.Member.LastTimeout!.Value.TotalSeconds, 0.001, seconds);
    }

    [Fact]
    public async Task Waiting_for_a_leader_comes_first_and_only_when_there_is_none()
    {
        await using var api = await ApiUnderTest.StartAsync();

        await api.PostAsync("/key?wait=4s", "{\"a\":\"1\"}");
        Assert.Null(api.Member.LastWait);

        api.Member.Status = FakeMember.StatusOf(leader: 0);
        await api.PostAsync("/key?wait=4s", "{\"a\":\"1\"}");
        Assert.InRange(api.Member.LastWait!.Value, TimeSpan.FromTicks(1), TimeSpan.FromSeconds(4));
    }

    [Theory]
    [InlineData(RefusalReason.NoLeader)]
    [InlineData(RefusalReason.NotLeader)]
    [InlineData(RefusalReason.NotReady)]
    [InlineData(RefusalReason.Transferring)]
    [InlineData(null)]
    public async Task Caller_who_waits_outlives_a_leader_that_is_gone(RefusalReason? refused)
    {
        await using var api = await ApiUnderTest.StartAsync();
        var (refusals, done) = (2, api.Member.Propose);
        api.Member.Propose = () => refusals-- > 0 ? ProposeOutcome.NotDone(refused) : done();

        var answer = await api.PostAsync("/key?wait=1m", "{\"a\":\"1\"}");

        Assert.Equal((HttpStatusCode.OK, 3), (answer.Status, api.Member.Proposed.Count));
    }

    [Theory]
    [InlineData(RefusalReason.Overloaded)]
    [InlineData(RefusalReason.Unconfigured)]
    [InlineData(RefusalReason.NoSpace)]
    public async Task What_a_leader_would_not_mend_is_not_tried_again(RefusalReason refused)
    {
        await using var api = await ApiUnderTest.StartAsync();
        api.Member.Propose = () => ProposeOutcome.NotDone(refused);

        await api.PostAsync("/key?wait=1m", "{\"a\":\"1\"}");

        Assert.Single(api.Member.Proposed);
    }

    [Fact]
    public async Task What_may_be_done_is_never_tried_again()
    {
        await using var api = await ApiUnderTest.StartAsync();
        api.Member.Propose = ProposeOutcome.Unknown;

        var answer = await api.PostAsync("/key?wait=1m", "{\"a\":\"1\"}");

        Assert.Equal("unknown", answer.Outcome);
        Assert.Single(api.Member.Proposed);
    }

    [Fact]
    public async Task Redirect_without_a_known_address_says_so()
    {
        await using var api = await ApiUnderTest.StartAsync();

        api.Member.Status = FakeMember.StatusOf(leader: 0);
        var leaderless = await api.PostAsync("/key?redirect=true", "{\"a\":\"1\"}");
        api.Member.Status = FakeMember.StatusOf(FakeMember.Other);
        var addressless = await api.PostAsync("/key?redirect=true", "{\"a\":\"1\"}");

        Assert.Equal((HttpStatusCode.ServiceUnavailable, "no_leader"), (leaderless.Status, leaderless.Code));
        Assert.Equal((HttpStatusCode.ServiceUnavailable, "not_leader"), (addressless.Status, addressless.Code));
        Assert.Equal("n2", addressless.Json.GetProperty("leader").GetProperty("id").GetString());
        Assert.Empty(api.Member.Proposed);
    }

    [Fact]
    public async Task Command_above_the_limit_is_refused_and_one_at_the_limit_taken()
    {
        await using var api = await ApiUnderTest.StartAsync();
        var room = CommandLimits.BytesMax - CommandCodec.EncodedLength(new PutCommand("a"u8.ToArray(), default));

        var fits = await api.SendAsync(HttpMethod.Put, "/key/a", new ByteArrayContent(new byte[room]));
        var tooLarge = await api.SendAsync(HttpMethod.Put, "/key/a", new ByteArrayContent(new byte[room + 1]));

        Assert.Equal(HttpStatusCode.OK, fits.Status);
        Assert.Equal((HttpStatusCode.RequestEntityTooLarge, "too_large"), (tooLarge.Status, tooLarge.Code));
        Assert.Single(api.Member.Proposed);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Ten_mebibytes_are_refused_with_and_without_a_length(bool chunked)
    {
        await using var api = await ApiUnderTest.StartAsync();
        using var request = new HttpRequestMessage(HttpMethod.Post, "/key")
        {
            Content = new ByteArrayContent(new byte[10 * 1024 * 1024]),
        };
        request.Headers.TransferEncodingChunked = chunked;

        using var response = await api.Client.SendAsync(request);
        var answer = await Answer.ReadAsync(response);

        Assert.Equal((HttpStatusCode.RequestEntityTooLarge, "too_large"), (answer.Status, answer.Code));
        Assert.Empty(api.Member.Proposed);
    }

    [Fact]
    public async Task Too_many_keys_are_refused()
    {
        await using var api = await ApiUnderTest.StartAsync(
            new ServerOptions { ListenClientUrls = ["http://127.0.0.1:0"], KeysMax = 2 });

        var answer = await api.PostAsync("/key", "{\"a\":\"1\",\"b\":\"2\",\"c\":\"3\"}");

        Assert.Equal("too_large", answer.Code);
    }

    [Theory]
    [InlineData("/key", "{\"a\":1}")]
    [InlineData("/key", "{")]
    [InlineData("/key", "")]
    [InlineData("/key?encoding=base64", "{\"a\":\"!\"}")]
    [InlineData("/key?key=YQ", "{\"a\":\"1\"}")]
    [InlineData("/key?level=sooner", "{\"a\":\"1\"}")]
    [InlineData("/compact", "{\"revision\":-1}")]
    [InlineData("/compact", "{\"revision\":1.5}")]
    [InlineData("/compact", "{\"revision\":\"1\"}")]
    [InlineData("/compact", "{\"rev\":1}")]
    [InlineData("/compact", "{\"revision\":1}x")]
    [InlineData("/compact", "x")]
    public async Task Wrong_requests_are_not_done(string target, string body)
    {
        await using var api = await ApiUnderTest.StartAsync();

        var answer = await api.PostAsync(target, body);

        Assert.Equal(HttpStatusCode.BadRequest, answer.Status);
        Assert.Equal(("invalid_argument", "not_done"), (answer.Code, answer.Outcome));
        Assert.NotEmpty(answer.Message!);
        Assert.Empty(api.Member.Proposed);
    }

    [Theory]
    [InlineData("", 0)]
    [InlineData("{\"revision\":12}", 12)]
    public async Task Compact_takes_a_revision_or_the_current_one(string body, long revision)
    {
        await using var api = await ApiUnderTest.StartAsync();

        var answer = await api.PostAsync("/compact?verbose", body);

        Assert.Equal("{\"revision\":18}", answer.Text);
        Assert.Equal(revision, Assert.IsType<CompactCommand>(Assert.Single(api.Member.Proposed)).Revision);
    }

    [Fact]
    public async Task Compacting_what_cannot_be_compacted_is_said()
    {
        await using var api = await ApiUnderTest.StartAsync();
        api.Member.Propose = static () => ProposeOutcome.Done(
            new ApplyResult { Revision = new Revision(18), Error = ApplyError.FutureRevision }, default);

        var answer = await api.PostAsync("/compact", "{\"revision\":99}");

        Assert.Equal((HttpStatusCode.PreconditionFailed, "precondition_failed"), (answer.Status, answer.Code));
        Assert.Contains("18", answer.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Web_pages_may_not_compact_unless_everyone_may()
    {
        await using var guarded = await ApiUnderTest.StartAsync();
        await using var open = await ApiUnderTest.StartAsync(
            new ServerOptions { ListenClientUrls = ["http://127.0.0.1:0"], InsecureAdmin = true });
        guarded.Client.DefaultRequestHeaders.Add("Origin", "http://example.org");
        open.Client.DefaultRequestHeaders.Add("Origin", "http://example.org");

        var refused = await guarded.PostAsync("/compact", "");
        var taken = await open.PostAsync("/compact", "");

        Assert.Equal((HttpStatusCode.Forbidden, "forbidden"), (refused.Status, refused.Code));
        Assert.Equal(HttpStatusCode.OK, taken.Status);
    }

    private static string Text(ReadOnlyMemory<byte> bytes) => Encoding.UTF8.GetString(bytes.Span);
}
