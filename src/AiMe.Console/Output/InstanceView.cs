using AiMe.Faculties;
using AiMe.Faculties.Memory;
using AiMe.Faculties.Self;
using AiMe.Faculties.Supervisor;
using AiMe.Lab.History;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace AiMe.Console.Output;

/// <summary>Prints one instance on one page.</summary>
internal static class InstanceView
{
    private const int Most = 5;
    private const int MostBars = 40;

    /// <summary>Returns the page; fits 80 columns and wider.</summary>
    public static IRenderable Of(IAnsiConsole console, InstancePage page)
    {
        var forkedFrom = page.Instance.Parent is { } parent
            ? $", forked from {parent}{(page.Fork is { } fork ? $" at event {Lines.Count(fork.Index)}" : "")}"
            : "";
        List<IRenderable> parts =
        [
            new Markup($"[bold]{Markup.Escape(page.Instance.Name)}[/]  {Markup.Escape(Standing(page))}"),
            new Text(
                $"run {page.Run.Plan.Run}, variant {page.Variant.Name}, replicate {page.Instance.Replicate}{Charter(page)}{forkedFrom}"
            ),
            new Text(""),
            Lines.Terms(Who(page)),
            .. Interventions(page),
            Lines.Heading("Lineage", "drift in bits from generation 0; held-out cross-entropy (CE) in nats per token"),
            Lineage(console, page),
        ];
        if (page.Generations.Where(g => g.Why.Length > 0).Select(g => ($"generation {g.Number}", g.Why)).ToList() is { Count: > 0 } whys)
            parts.Add(Lines.Terms(whys));
        if (page.Calls.WithFailures.Any())
        {
            parts.Add(Lines.Heading("Failed calls", "each repetition counts"));
            parts.AddRange(page.Calls.WithFailures.Select(k => new Text(CallWords.Of(k.Kind, k.Count))));
        }

        parts.AddRange(Self(page));
        parts.Add(Lines.Heading("Last experiences", $"{Lines.Count(page.Experiences.Count)} completed, {Lines.Count(page.Kept)} kept"));
        parts.Add(
            Lines.Terms(page.Experiences.TakeLast(Most).Select(e => (e.Id.Value, $"{e.Input}\n{AnswerWords.Of(e.Output)}\n{Verdict(e)}")))
        );
        return new Rows(parts);
    }

    private static string Charter(InstancePage page) =>
        page.Run.Plan.HasCharters ? $", charter {page.Run.Plan.CharterOf(page.Variant, page.Instance.Replicate).Name}" : "";

    /// <summary>The state of the instance, in a clause.</summary>
    public static string Standing(InstancePage page)
    {
        var (instance, plan) = (page.Instance, page.Run.Plan);
        var unplanned = instance.Unplanned > 0 ? $" and {Lines.Count(instance.Unplanned)} unplanned" : "";
        var pending = instance.Waiting > 0 ? $", {Lines.Count(instance.Waiting, "input")} pending" : "";
        var far =
            $"{Lines.Count(instance.OnPlan)} of {Lines.Count(plan.Cycles, "experience")}{(unplanned.Length > 0 ? " of the plan" : "")}"
            + $"{unplanned}{pending}, generation "
            + $"{Math.Max(0, instance.Generation)}{(instance.Generation > plan.Rounds ? "" : $" of {plan.Rounds}")}";
        return instance.Status switch
        {
            InstanceState.Finished => $"finished: {far}",
            InstanceState.Parked => $"parked: {far}; {instance.Parked ?? "the journal has no reason"}",
            InstanceState.Living when page.Run.State is RunState.Running or RunState.Silent || page.Run.Holder is { IsAlive: true } =>
                $"running: {far}",
            InstanceState.Living => $"stopped: {far}; {RunWords.Resume(plan)} to resume",
            _ => throw new System.Diagnostics.UnreachableException(),
        };
    }

    private static IEnumerable<(string Term, string Meaning)> Who(InstancePage page)
    {
        var charter = page.Run.Plan.CharterOf(page.Variant, page.Instance.Replicate);
        yield return ("charter", charter.Stem);
        if (!charter.Goals.IsEmpty)
            yield return ("goals", string.Join("; ", charter.Goals));
        yield return ("curation", PolicyWords.Keeping(page.InstancesBy.Curate));
        yield return ("training", PolicyWords.Learning(page.InstancesBy.Trainer, page.Run.Plan.Every));
        yield return ("self-model", page.Self.SelfModel);
        yield return (
            "champion",
            page.Self.Model.Short + (page.ByHand is null ? "" : ", set manually: the figures below describe the previous model")
        );
    }

    private static IEnumerable<IRenderable> Interventions(InstancePage page) =>
        page.Interventions.IsEmpty
            ? []
            :
            [
                Lines.Heading("Interventions", "scheduled: each takes effect before its cycle of the plan"),
                Lines.Terms(
                    page.Interventions.Select(i =>
                        ($"cycle {Lines.Count(i.Cycle)}", $"{InterventionWords.Of(i.Action)}\n{InterventionWords.StateOf(i)}")
                    )
                ),
            ];

    private static Rows Lineage(IAnsiConsole console, InstancePage page)
    {
        var id = console.Profile.Width >= Lines.Wide ? 64 : 12;
        var table = Lines.Table(
            console,
            ("gen", true),
            ("outcome", false),
            ("champion", false),
            ("trained from", false),
            ("bare", true),
            ("agent", true),
            ("held-out CE", true)
        );
        foreach (var g in page.Generations)
            table.AddRow(
                Right($"{g.Number}"),
                new Text(Outcome(g.Outcome)),
                new Text(Short(g.Model, id)),
                new Text(Short(g.Parent, 12)),
                Right(Lines.Figure(g.Bare)),
                Right(Lines.Figure(g.Agent)),
                Right(Lines.Figure(g.HeldOut))
            );
        var greatest = page.Generations.SelectMany(g => new[] { g.Bare, g.Agent }).Where(double.IsFinite).DefaultIfEmpty(0).Max();
        var unicode = console.Profile.Capabilities.Unicode;
        return new Rows(
            table,
            Lines.Terms([
                (
                    "bare drift",
                    $"{Sparkline.Of([.. page.Generations.Select(g => g.Bare)], greatest, MostBars, unicode)}  by "
                        + $"generation, from 0 to {Lines.Figure(greatest)} bits"
                ),
                (
                    "agent drift",
                    $"{Sparkline.Of([.. page.Generations.Select(g => g.Agent)], greatest, MostBars, unicode)}  of model, "
                        + "memory and self-model together"
                ),
                .. page.Generations.Count > 0 && page.Generations.All(g => double.IsNaN(g.HeldOut))
                    ? [("held-out CE", "unknown: this provider cannot score texts")]
                    : Array.Empty<(string, string)>(),
                .. page
                    .Generations.Where(g => g.Answered < g.Asked)
                    .Select(g =>
                        ("answered", $"generation {g.Number}: {g.Answered} of {g.Asked} answers named an option; drift excludes the others")
                    ),
            ])
        );
    }

    private static IEnumerable<IRenderable> Self(InstancePage page)
    {
        var changes = page.SelfModels.Count - 1;
        yield return Lines.Heading(
            "Self-model",
            changes <= 0
                ? "unchanged since generation 0"
                : $"revised {(changes == 1 ? "once" : $"{Lines.Count(changes)} times")}"
                    + (changes > Most ? $"; the first and the last {Most}" : "")
        );
        yield return Lines.Terms(
            page.SelfModels.Take(1)
                .Concat(page.SelfModels.Skip(1).TakeLast(Most))
                .Select(s =>
                    (
                        s.Because is null ? "generation 0" : $"before e{s.Cycle}",
                        s.Because is { } because ? $"{s.Text} (because of {because})" : s.Text
                    )
                )
        );
        if (page.Insights.Count == 0)
            yield break;
        yield return Lines.Heading("Last insights", $"{Lines.Count(page.Insights.Count)} in total");
        yield return Lines.Terms(
            page.Insights.TakeLast(Most).Select(i => (i.Id.Value, $"{i.Statement} (from {string.Join(", ", i.Evidence)})"))
        );
    }

    private static string Verdict(Stored e) =>
        $"-> {e.Verdict.ToString().ToLowerInvariant()}{(e.Reasons.IsEmpty ? "" : $": {string.Join("; ", e.Reasons)}")}";

    /// <summary>The outcome of a round, in words.</summary>
    public static string Outcome(RoundOutcome outcome) =>
        outcome == RoundOutcome.RolledBack ? "rolled back" : outcome.ToString().ToLowerInvariant();

    private static string Short(ModelId? model, int length) =>
        model is not { } m ? "-"
        : length < 64 ? m.Short
        : m.Value;

    private static Text Right(string text) => new Text(text).RightJustified();
}
