using AiMe.Console.Output.Documents;
using Spectre.Console;

namespace AiMe.Console.Output.Comparison;

/// <summary>Prints the deviations of a run from its pre-registration.</summary>
internal static class PreregistrationBlock
{
    public static void Write(IAnsiConsole console, PreregistrationCheck check)
    {
        console.WriteLine();
        console.MarkupLineInterpolated($"[bold]Pre-registration[/]  {check.File}, written {check.Written} UTC, plan {check.Digest[..12]}");
        if (check.Deviations.Count == 0)
            console.WriteLine(" No deviation: the run and this comparison are as registered.");
        else
            console.Write(new Padder(new Rows(check.Deviations.Select((d, i) => new Text($"{i + 1}. {d}"))), new Padding(1, 0, 0, 0)));
    }
}
