using Quorate.Raft;

namespace Quorate.Node.Tests.Members;

/// <summary>
/// The leader is stopped at every step of a change: afterwards the change is done or not done, never half, and what
/// the waiter was told is true. The runs are deterministic, so a first one, undisturbed, names the steps.
/// </summary>
public sealed class MemberStopTests
{
    private const int StopsMax = 40;

    public static TheoryData<string> Changes =>
        new("add", "announce", "promote", "replace", "succeed", "remove", "leave", "move");

    [Theory]
    [MemberData(nameof(Changes))]
    public void Change_is_done_or_not_done_wherever_the_leader_stops(string kind)
    {
        var steps = Run.Undisturbed(kind);
        var phases = new SortedSet<string>(StringComparer.Ordinal);

        // The change is asked of the leader, whose waiter dies with it, and of a follower, whose waiter is told.
        foreach (var asksLeader in new[] { true, false })
        {
            foreach (var step in Picked(steps))
            {
                using var run = new Run(kind, asksLeader);
                phases.Add(run.StopAt(step));
                run.Check($"{kind}, leader stopped at step {step}, asked of the {(asksLeader ? "leader" : "other")}");
            }
        }

        Assert.Contains("asked", phases);
        Assert.Contains("appended", phases);
        Assert.Contains("done", phases);
        Assert.Equal(kind is not "announce" and not "move", phases.Contains("joint"));
    }

    private static IEnumerable<int> Picked(List<int> steps)
    {
        var stride = Math.Max(1, steps.Count / StopsMax);
        return steps.Where((_, i) => i % stride == 0);
    }

    /// <summary>Voters of whom one may stop at any time, a learner, and one machine more.</summary>
    private sealed class Run : IDisposable
    {
        private readonly int _voters;
        private readonly TestCluster _cluster;
        private readonly string _kind;
        private readonly TestNode _leader;
        private readonly TestNode _asked;
        private readonly TestNode _other;
        private readonly TestNode _learner;
        private readonly TestNode _spare;
        private readonly MemberChange _change;
        private readonly List<string> _written = [];
        private Told _told = new();

        public Run(string kind, bool asksLeader)
        {
            _kind = kind;

            // With three, those that a removal leaves could not go on without the leader.
            _voters = kind == "remove" ? 4 : 3;
            _cluster = TestCluster.OfList(_voters);
            _leader = _cluster.UntilLed();
            (_learner, _spare) = (_cluster.Add(6), _cluster.Add(7));
            _learner.StartUnconfigured();
            _spare.StartUnconfigured();
            _cluster.MustChange(_leader, new MemberChange.Add("n6", [_learner.Url], StaysLearner: true));
            _cluster.UntilSettled();
            Assert.True(_leader.Leads);
            _asked = asksLeader ? _leader : _cluster.Follower;
            _other = _cluster.Others(_leader).First(node => node != _cluster.Follower);
            for (var i = 0; i < 3; i++)
            {
                _written.Add($"k{i}");
                _cluster.Write(_asked, _written[^1]);
            }

            _cluster.Tick(200);
            _change = ChangeOf(kind);
        }

        /// <summary>The steps at which the leader's log, commit or apply moved, with those beside them.</summary>
        public static List<int> Undisturbed(string kind)
        {
            using var run = new Run(kind, asksLeader: true);
            var (steps, seen, count) = (new List<int>(), "", 0);
            run._cluster.PumpUnits = 1;
            run._cluster.Pumped = () =>
            {
                var raft = run._leader.Member.Core.Status();
                var state = $"{raft.Last} {raft.Commit} {raft.Applied} {raft.Role} {run._told.IsTold}";
                if (state != seen)
                {
                    seen = state;
                    steps.AddRange([count, count + 1, count + 2]);
                }

                count++;
            };
            run._told = run._asked.Change(run._change);
            run._cluster.Until(() => run._told.IsTold);
            run._cluster.UntilSettled();
            run._cluster.Tick(50);
            Assert.True(run._told.Outcome.IsDone, $"{kind}: {run._told.Outcome}");
            Assert.Equal("done", run.Phase(run._cluster.Leader.Member.Core.Config));
            return [.. steps.Distinct()];
        }

        /// <summary>Asks, stops the leader at a step, and says how far the change had come in its log.</summary>
        public string StopAt(int step)
        {
            var (count, phase) = (0, "");
            _cluster.PumpUnits = 1;
            _cluster.Pumped = () =>
            {
                if (count++ == step)
                {
                    var core = _leader.Member.Core;
                    phase = core.Config.Config.IsJoint ? "joint" : core.IsChanging ? "appended" : Phase(core.Config);
                    _leader.Stop();
                }
            };
            _told = _asked.Change(_change);
            for (var tick = 0; phase.Length == 0; tick++)
            {
                Assert.True(tick < 1000, $"there is no step {step}");
                _cluster.Tick();
            }

            _cluster.Pumped = static () => { };
            return phase;
        }

        /// <summary>The others go on, the stopped one comes back, and all agree.</summary>
        public void Check(string what)
        {
            var leader = _cluster.UntilSettled();
            _cluster.Write(leader, "after");
            _cluster.Until(() => _told.IsTold);
            _cluster.Tick(300);
            _leader.Start();
            _cluster.Tick(300);
            leader = _cluster.UntilSettled();

            var isDone = IsDone(leader.Member.Raft.Config);
            Assert.True(isDone || IsAsBefore(leader.Member.Raft.Config), $"{what}: {leader.Member.Raft.Config}");
            Assert.Equal(1, _told.Times);
            var outcome = _told.Outcome;
            Assert.True(outcome.Kind != OutcomeKind.Done || isDone, $"{what}: {outcome}");
            Assert.True(outcome.Kind != OutcomeKind.NotDone || !isDone, $"{what}: {outcome}");
            foreach (var node in _cluster.Running.Where(node => leader.Member.Raft.Config.Contains(node.Member.Self)))
            {
                Assert.All([.. _written, "after"], key => Assert.True(node.Holds(key), $"{what}: {key} at {node}"));
            }

            // What was not done can be done now.
            if (!isDone && leader.Member.Self != _leader.Member.Self)
            {
                _cluster.MustChange(leader, _change);
            }
        }

        public void Dispose() => _cluster.Dispose();

        private MemberChange ChangeOf(string kind) => kind switch
        {
            "add" => new MemberChange.Add("n7", [_spare.Url], StaysLearner: false),
            "announce" => new MemberChange.Announce(["http://later:1"], StaysLearner: false),
            "promote" => new MemberChange.Promote(_learner.Member.Self),
            "replace" => new MemberChange.Replace(_other.Member.Self, "n7", [_spare.Url]),
            "succeed" => new MemberChange.Replace(_leader.Member.Self, "n7", [_spare.Url]),
            "remove" => new MemberChange.Remove(_other.Member.Self),
            "leave" => new MemberChange.Remove(_leader.Member.Self),
            "move" => new MemberChange.Update(_learner.Member.Self, [Moved()]),
            _ => throw new ArgumentException(kind, nameof(kind)),
        };

        private string Moved()
        {
            _learner.Stop();
            _learner.Url = "http://moved:2380";
            _learner.Start();
            _cluster.Tick(100);
            return _learner.Url;
        }

        private string Phase(ConfigEntry entry) => IsDone(entry.Config) ? "done"
            : IsAsBefore(entry.Config) ? "asked"
            : "between";

        private bool IsDone(ClusterConfig config)
        {
            var roster = Roster.Of(config);
            var spare = roster.Members.FirstOrDefault(member => member.PeerUrls.Contains(_spare.Url));
            return !config.IsJoint && _kind switch
            {
                "add" => spare is not null && config.IsVoter(spare.Id),
                "announce" => roster.Members.Any(member => member.IsAnnounced),
                "promote" => config.Voters.Length == _voters + 1,
                "replace" or "succeed" =>
                    spare is not null && config.IsVoter(spare.Id) && config.Voters.Length == _voters,
                "move" => roster.Members.Any(member => member.PeerUrls.Contains("http://moved:2380")),
                _ => config.Voters.Length == _voters - 1 && roster.Members.Count == _voters,
            };
        }

        private bool IsAsBefore(ClusterConfig config)
        {
            var roster = Roster.Of(config);
            return !config.IsJoint && config.Voters.Length == _voters && config.Learners.Length == 1
                && roster.Members.Count == _voters + 1
                && !roster.Members.Any(member => member.PeerUrls.Contains(_spare.Url))
                && roster.Members.All(member => member.PeerUrls[0] != "http://moved:2380")
                && roster.Removed.Count == 0;
        }
    }
}
