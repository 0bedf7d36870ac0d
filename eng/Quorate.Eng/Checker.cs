namespace Quorate.Eng;

/// <summary>Reads back what was acknowledged and names what is not there.</summary>
public static class Checker
{
    /// <summary>The keys whose value is missing or another one, by linearizable reads at all running nodes.</summary>
    public static async Task<IReadOnlyList<string>> FindLostAsync(
        Cluster cluster, IEnumerable<KeyValuePair<string, string>> acknowledged)
    {
        var nodes = cluster.Nodes.Where(node => node.IsRunning).ToList();
        var lost = new List<string>();
        foreach (var (index, some) in acknowledged.Chunk(64).Index())
        {
            var node = nodes[index % nodes.Count];
            var found = await Task.WhenAll(some.Select(write => cluster.Client.GetAsync(node.Url, write.Key)));
            lost.AddRange(
                some.Zip(found).Where(pair => pair.First.Value != pair.Second).Select(pair => pair.First.Key));
        }

        return lost;
    }
}
