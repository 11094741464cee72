using System.Collections.Immutable;
using System.Globalization;
using AiMe.Console.Commands;
using AiMe.Console.Output.Documents;
using AiMe.Console.Terminal;
using AiMe.Simulation;

namespace AiMe.Console.Output;

/// <summary>The result of a simulation.</summary>
/// <param name="Recorded">Schedule and violation of the repeated seed; null if no seed was repeated.</param>
internal sealed record SimulationFindings(
    SimulateCommand.SimulationRequest Request,
    SimulationReport Report,
    TimeSpan Took,
    (ImmutableArray<string> Schedule, Violation? Violation)? Recorded
)
{
    // The recording ends at the first violation. Other invariants may be violated there than at the end of the search.
    private bool Reproduces => Recorded?.Violation?.Invariant == Report.Violation?.Invariant;

    /// <summary>Prints the result on standard output.</summary>
    /// <param name="lines">Maximum number of lines of the schedule.</param>
    public void Tell(int lines)
    {
        if (Report.Violation is not { } violation)
        {
            TerminalWriter.Line(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"{Count(Report.Tried, "seed")} from {Report.First} on, {Request.Options.Experiences} planned experiences each: "
                        + $"no invariant is violated."
                )
            );
            TellFigures();
            TellSchedule();
            return;
        }

        TerminalWriter.Line(Text($"Seed {Report.Seed} violates '{violation.Invariant.Name}': {violation.Invariant.Sentence}."));
        TerminalWriter.Line($"  {(Reproduces ? Recorded!.Value.Violation! : violation).How}");
        if (!Reproduces)
            TerminalWriter.Line(
                "  Repeated, it "
                    + (Recorded!.Value.Violation is { } other ? $"violates '{other.Invariant.Name}': {other.How}" : "violates nothing")
                    + ": "
                    + "this is a defect of the simulator, which must be deterministic."
            );
        TellFigures();
        var schedule = Recorded!.Value.Schedule;
        TerminalWriter.Line("");
        TerminalWriter.Line(
            string.Create(
                CultureInfo.InvariantCulture,
                $"The last {Math.Min(lines, schedule.Length)} of {schedule.Length:N0} lines of its schedule "
                    + $"(step, virtual time, actor, action; ! marks a fault):"
            )
        );
        foreach (var line in schedule.TakeLast(lines))
            TerminalWriter.Line(line);
        TerminalWriter.Line("");
        TellSchedule();
        TerminalWriter.Line($"To repeat: {Request.Again(Report.Seed!.Value)}");
    }

    /// <summary>Returns the result as a document.</summary>
    public SimulateOutput ToOutput() =>
        new(
            Report.First,
            Request.Count,
            Report.Tried,
            Report.Experiences,
            Report.Steps,
            Report.Crashes,
            Order,
            Request.Parallel,
            Math.Round(Took.TotalSeconds, 3),
            Math.Round(Report.Tried / Took.TotalSeconds, 1),
            Report.Violation is { } violation
                ? new(
                    Report.Seed!.Value,
                    violation.Invariant.Name,
                    violation.Invariant.Sentence,
                    (Reproduces ? Recorded!.Value.Violation! : violation).How,
                    Reproduces,
                    Request.Again(Report.Seed.Value),
                    Recorded!.Value.Schedule
                )
                : null
        );

    private string Order => Report.Order.ToString("x16", CultureInfo.InvariantCulture);

    private void TellFigures()
    {
        TerminalWriter.Line(
            string.Create(
                CultureInfo.InvariantCulture,
                $"  {Report.Experiences:N0} experiences, {Report.Crashes:N0} crashes and {Report.Steps:N0} steps in "
                    + $"{Took.TotalSeconds:0.0} s: {Report.Tried / Took.TotalSeconds:0.0} seeds/s on {Count(Request.Parallel, "thread")}."
            )
        );
        TerminalWriter.Line($"  Digest of the order of all steps: {Order}, the same in every process of this build.");
    }

    private void TellSchedule()
    {
        if (Request.Schedule is { } file && Recorded is not null)
            TerminalWriter.Line($"The whole schedule: {file}");
    }

    private static string Count(long n, string what) => Text($"{n:N0} {what}{(n == 1 ? "" : "s")}");

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
