using AiMe.Console.Commands;
using AiMe.Console.Output;
using AiMe.Console.Output.Documents;
using AiMe.Effects;
using AiMe.Faculties;
using AiMe.Faculties.Memory;
using AiMe.Faculties.Self;
using AiMe.Faculties.Supervisor;
using AiMe.Lab.Analysis.Diff;
using AiMe.Lab.History;
using Spectre.Console;

namespace AiMe.Console.Repl.Slash;

/// <summary><c>/compare</c>: compares this instance with another one of the store.</summary>
internal sealed record CompareWithCommand()
    : SlashCommand("compare", "instance", "compare with another instance: answers to the same stimuli, drift, novelty")
{
    private const int Most = 5;

    /// <summary>One of two instances.</summary>
    private sealed record Side(string Name, Stored[] Experiences, Probed[] Probes)
    {
        public double Novelty => Mean(Experiences.Select(s => s.Novelty));

        public double Kept => Mean(Experiences.Select(s => s.Verdict == Verdict.Keep ? 1.0 : 0));

        public double Bare => Probes is [var birth, ..] ? Identity.Drift(Probes[^1].Results.Bare, birth.Results.Bare) : double.NaN;

        public double Agent => Probes is [var birth, ..] ? Identity.Drift(Probes[^1].Results.Agent, birth.Results.Agent) : double.NaN;

        public ComparedSide ToOutput() => new(Name, Experiences.Length, Bare, Agent, Novelty, Kept);

        private static double Mean(IEnumerable<double> values) => values.Where(v => !double.IsNaN(v)).DefaultIfEmpty(double.NaN).Average();
    }

    public override async Task<TalkReply> RunAsync(Conversation talk, string argument, CancellationToken cancelled)
    {
        var store = talk.Place.Store;
        var (run, name) = await StoreLookup.InstanceAsync(store, argument, within: talk.Place.Plan.Run, cancelled);
        if (name == talk.Instance && run.Plan!.Run == talk.Place.Plan.Run)
            throw new UsageException($"found {name} itself, expected another instance");
        var (ownInstance, theirInstance) = (
            await talk.ReadAsync(cancelled),
            await InstanceReader.ReadAsync(store.Journal, run, name, cancelled)
        );
        var mine = Of(talk.Instance, ownInstance);
        var theirs = Of(run.Plan!.Run == talk.Place.Plan.Run ? name : $"{run.Plan.Run}/{name}", theirInstance);
        DiffPair[] same =
        [
            .. InstanceDiff
                .Of(SideOf(talk.Place.Plan, mine, ownInstance), SideOf(run.Plan, theirs, theirInstance))
                .Rounds.SelectMany(r => r.Pairs),
        ];
        return TalkReply.Of(
            console => Write(console, mine, theirs, same),
            new CompareReply(mine.ToOutput(), theirs.ToOutput(), same.Length, same.Count(p => p.IsIdentical))
        );
    }

    private static DiffSide SideOf(RunPlan plan, Side side, System.Collections.Immutable.ImmutableArray<InstanceEvent> instance) =>
        new(plan, side.Name, InstanceState.Finished, instance);

    private static Side Of(string name, IEnumerable<InstanceEvent> instance) =>
        new(name, [.. SettledVerdicts.Of(instance.Select(e => e.Happened))], [.. instance.Select(e => e.Happened).OfType<Probed>()]);

    private static void Write(IAnsiConsole console, Side mine, Side theirs, DiffPair[] same)
    {
        var table = new Table()
            .Border(TableBorder.Simple)
            .AddColumn("")
            .AddColumn(Markup.Escape(mine.Name))
            .AddColumn(Markup.Escape(theirs.Name));
        Row("experiences", s => Lines.Count(s.Experiences.Length));
        Row("generation", s => $"{Math.Max(0, s.Probes.Length - 1)}");
        Row("bare drift, bits", s => TalkText.Figure(s.Bare, "0.000"));
        Row("agent drift, bits", s => TalkText.Figure(s.Agent, "0.000"));
        Row("mean novelty", s => TalkText.Figure(s.Novelty));
        Row("kept", s => double.IsNaN(s.Kept) ? "-" : $"{s.Kept:0%}");
        console.Write(table);
        TalkText.Write(
            console,
            same.Length == 0
                ? "The two instances have no stimulus in common."
                : $"{TalkText.Count(same.Length, "stimulus").Replace("stimuluss", "stimuli", StringComparison.Ordinal)} answered "
                    + $"by both, {Lines.Count(same.Count(p => p.IsIdentical))} "
                    + $"identically{(same.Length > Most ? $"; the last {Most}" : "")}:"
        );
        var grid = new Grid().AddColumn(new GridColumn().NoWrap().Padding(2, 0, 2, 0)).AddColumn(new GridColumn().Padding(0, 0, 0, 0));
        foreach (var pair in same.TakeLast(Most))
        {
            grid.AddRow(new Text("input", new Style(Color.Blue)), new Text(pair.First.Stimulus));
            grid.AddRow(new Text(mine.Name), new Text(AnswerWords.Of(pair.First.Text)));
            grid.AddRow(new Text(theirs.Name), new Text(pair.IsIdentical ? "(the same)" : AnswerWords.Of(pair.Second.Text)));
        }

        console.Write(grid);
        TalkText.Dim(console, "  For the whole comparison: `aime diff`.");

        void Row(string label, Func<Side, string> of) => table.AddRow(new Text(label), new Text(of(mine)), new Text(of(theirs)));
    }
}
