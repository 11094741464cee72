using System.Collections.Immutable;
using System.Globalization;
using AiMe.Console.Commands;
using AiMe.Console.Terminal;
using AiMe.Simulation;

namespace AiMe.Console.Output;

/// <summary>What came of a simulation.</summary>
/// <param name="Recorded">The schedule of the seed that was tried again, and what it broke then; null where none was.</param>
internal sealed record SimulationFindings(
    SimulateCommand.SimulationRequest Request,
    SimulationReport Report,
    TimeSpan Took,
    (ImmutableArray<string> Schedule, Violation? Violation)? Recorded
)
{
    // Recorded it ends where the invariant breaks first, and there more or less may be broken than at the end.
    private bool Reproduces => Recorded?.Violation?.Invariant == Report.Violation?.Invariant;

    /// <summary>Tells it on standard output.</summary>
    /// <param name="lines">Of the schedule, at most.</param>
    public void Tell(int lines)
    {
        if (Report.Violation is not { } violation)
        {
            TerminalWriter.Line(
                Text(
                    $"{Count(Report.Tried, "seed")} from {Report.First} on, {Request.Options.Experiences} planned experiences each: no invariant is broken."
                )
            );
            TellFigures();
            TellSchedule();
            return;
        }

        TerminalWriter.Line(Text($"Seed {Report.Seed} breaks '{violation.Invariant.Name}': {violation.Invariant.Sentence}."));
        TerminalWriter.Line($"  {(Reproduces ? Recorded!.Value.Violation! : violation).How}");
        if (!Reproduces)
            TerminalWriter.Line(
                "  Tried again it "
                    + $"{(Recorded!.Value.Violation is { } other ? $"breaks '{other.Invariant.Name}': {other.How}" : "breaks nothing")}: "
                    + "that is a fault of the simulator, which is to give the same each time."
            );
        TellFigures();
        var schedule = Recorded!.Value.Schedule;
        TerminalWriter.Line("");
        TerminalWriter.Line(
            Text(
                $"The last {Math.Min(lines, schedule.Length)} of {schedule.Length} lines of its schedule (step, virtual time, who, what; ! is a fault):"
            )
        );
        foreach (var line in schedule.TakeLast(lines))
            TerminalWriter.Line(line);
        TerminalWriter.Line("");
        TellSchedule();
        TerminalWriter.Line($"Again: {Request.Again(Report.Seed!.Value)}");
    }

    /// <summary>The same as one JSON object.</summary>
    public byte[] ToJson() =>
        JsonObject.Of(json =>
        {
            json.WriteNumber("first", Report.First);
            json.WriteNumber("seeds", Request.Count);
            json.WriteNumber("tried", Report.Tried);
            json.WriteNumber("experiences", Report.Experiences);
            json.WriteNumber("steps", Report.Steps);
            json.WriteNumber("crashes", Report.Crashes);
            json.WriteString("order", Order);
            json.WriteNumber("threads", Request.Parallel);
            json.WriteFigure("seconds", Math.Round(Took.TotalSeconds, 3));
            json.WriteFigure("seedsPerSecond", Math.Round(Report.Tried / Took.TotalSeconds, 1));
            if (Report.Violation is not { } violation)
            {
                json.WriteNull("violation");
                return;
            }

            json.WriteObject("violation", () =>
            {
                json.WriteNumber("seed", Report.Seed!.Value);
                json.WriteString("invariant", violation.Invariant.Name);
                json.WriteString("sentence", violation.Invariant.Sentence);
                json.WriteString("how", (Reproduces ? Recorded!.Value.Violation! : violation).How);
                json.WriteBoolean("reproduces", Reproduces);
                json.WriteString("command", Request.Again(Report.Seed.Value));
                json.WriteTexts("schedule", Recorded!.Value.Schedule);
            });
        });

    private string Order => Report.Order.ToString("x16", CultureInfo.InvariantCulture);

    private void TellFigures()
    {
        TerminalWriter.Line(
            Text(
                $"  {Report.Experiences} experiences, {Report.Crashes} crashes and {Report.Steps} steps in {Took.TotalSeconds:0.0} s: {Report.Tried / Took.TotalSeconds:0.0} seeds/s on {Count(Request.Parallel, "thread")}."
            )
        );
        TerminalWriter.Line($"  Digest of the order of all steps: {Order}, in every process of this build.");
    }

    private void TellSchedule()
    {
        if (Request.Schedule is { } file && Recorded is not null)
            TerminalWriter.Line($"The whole schedule: {file}");
    }

    private static string Count(long n, string what) => Text($"{n} {what}{(n == 1 ? "" : "s")}");

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
