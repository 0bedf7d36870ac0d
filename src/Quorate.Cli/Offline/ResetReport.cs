using Quorate.Node;
using Quorate.Raft;
using Quorate.Storage;

namespace Quorate.Cli.Offline;

/// <summary>Prints whose directory it is and what is in it, before all of that goes.</summary>
internal static class ResetReport
{
    public static void Print(TextWriter output, DataDirectory directory)
    {
        var who = TablePrinter.Printable($"{directory.Identity}");
        output.WriteLine($"{directory.Path} is the data directory of {who}:");
        output.WriteLine($"  size       {directory.MeasureBytes()} bytes");
        foreach (var line in Contents(directory))
        {
            output.WriteLine($"  {line}");
        }

        output.WriteLine("All of it will be gone, and the directory be that of a new node that belongs to no cluster.");
        if (!directory.Identity.IsUnconfigured)
        {
            output.WriteLine(
                "A cluster that still counts this member stays one short until it is removed or replaced there.");
        }
    }

    private static IReadOnlyList<string> Contents(DataDirectory directory)
    {
        DirectorySurvey survey;
        try
        {
            survey = DirectorySurvey.Read(directory);
        }
        catch (StorageException e)
        {
            // What is damaged is often why it is to go.
            return [$"contents   cannot be read: {TablePrinter.Printable(e.Message)}"];
        }

        return
        [
            survey.Entries > 0
                ? $"log        {survey.Entries} entries, to {survey.Last.Index} of term {survey.Last.Term}"
                : "log        no entries",
            survey.Snapshots.Count > 0
                ? $"snapshots  {survey.Snapshots.Count}, the newest to entry {survey.Snapshots[0].Last.Index}"
                : "snapshots  none",
            $"members    {Members(survey.Roster)}",
        ];
    }

    private static string Members(Roster roster) => roster.Members.Count > 0
        ? TablePrinter.Printable(string.Join(", ", roster.Members.Select(member => $"\"{member.Name}\"")))
        : "none";
}
