namespace Quorate.Cli;

/// <summary>Finds what a mistyped word was meant to be.</summary>
internal static class Suggestion
{
    /// <summary>The nearest of <paramref name="candidates"/>, or null when none is near.</summary>
    public static string? For(string word, IEnumerable<string> candidates)
    {
        var nearest = candidates
            .Select(candidate => (candidate, distance: Distance(word, candidate)))
            .OrderBy(pair => pair.distance)
            .FirstOrDefault();
        return nearest.candidate is not null && nearest.distance <= Math.Max(1, word.Length / 3)
            ? nearest.candidate
            : null;
    }

    /// <summary>Levenshtein's distance, where two letters that changed places count as one slip.</summary>
    public static int Distance(string left, string right)
    {
        var distance = new int[left.Length + 1, right.Length + 1];
        for (var i = 0; i <= left.Length; i++)
        {
            for (var j = 0; j <= right.Length; j++)
            {
                distance[i, j] = i == 0 || j == 0 ? i + j : Step(distance, left, right, i, j);
            }
        }

        return distance[left.Length, right.Length];
    }

    private static int Step(int[,] distance, string left, string right, int i, int j)
    {
        var replaced = distance[i - 1, j - 1] + (left[i - 1] == right[j - 1] ? 0 : 1);
        var best = Math.Min(replaced, Math.Min(distance[i - 1, j], distance[i, j - 1]) + 1);
        var swapped = i > 1 && j > 1 && left[i - 1] == right[j - 2] && left[i - 2] == right[j - 1];
        return swapped ? Math.Min(best, distance[i - 2, j - 2] + 1) : best;
    }
}
