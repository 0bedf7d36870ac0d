namespace Quorate.EndToEnd.Tests.Tours;

/// <summary>One command of a tour.</summary>
/// <param name="Line">Its first line in the page, from 1.</param>
/// <param name="Text">What the shell is given; several lines where it goes on or has a document of its own.</param>
/// <param name="Answer">What it must print, without line ends at its end; null where nothing is promised.</param>
internal sealed record TourCommand(int Line, string Text, string? Answer);
