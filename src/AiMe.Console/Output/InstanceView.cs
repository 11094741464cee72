using AiMe.Faculties;
using AiMe.Faculties.Memory;
using AiMe.Faculties.Self;
using AiMe.Faculties.Supervisor;
using AiMe.Lab.History;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace AiMe.Console.Output;

/// <summary>One instance on one page, for people.</summary>
internal static class InstanceView
{
    private const int Most = 5;
    private const int MostBars = 40;

    /// <summary>The page; fits 80 columns and wider.</summary>
    public static IRenderable Of(IAnsiConsole console, InstancePage page)
    {
        List<IRenderable> parts =
        [
            new Markup($"[bold]{Markup.Escape(page.Instance.Name)}[/]  {Markup.Escape(Standing(page))}"),
            new Text(
                $"run {page.Run.Plan.Run}, variant {page.Variant.Name}, replicate "
                    + $"{page.Instance.Replicate}{(page.Instance.Parent is { } parent ? $", branched off from {parent}{(page.Fork is { } fork ? $" at event {fork.Index}" : "")}" : "")}"
            ),
            new Text(""),
            Lines.Terms(Who(page)),
            Lines.Heading("Lineage", "drift in bits from generation 0; held-out cross-entropy (CE) in nats per token"),
            Lineage(console, page),
        ];
        if (page.Generations.Where(g => g.Why.Length > 0).Select(g => ($"generation {g.Number}", g.Why)).ToList() is { Count: > 0 } whys)
            parts.Add(Lines.Terms(whys));
        parts.AddRange(Self(page));
        parts.Add(Lines.Heading($"Its last experiences", $"{Lines.Count(page.Experiences.Count)} lived, {Lines.Count(page.Kept)} kept"));
        parts.Add(Lines.Terms(page.Experiences.TakeLast(Most).Select(e => (e.Id.Value, $"{e.Input}\n{e.Output}\n{Verdict(e)}"))));
        return new Rows(parts);
    }

    /// <summary>Where the life stands, in a clause.</summary>
    public static string Standing(InstancePage page)
    {
        var (instance, plan) = (page.Instance, page.Run.Plan);
        var beside =
            $"{(instance.Beside > 0 ? $" and {Lines.Count(instance.Beside)} beside the plan" : "")}{(instance.Waiting > 0 ? $", {Lines.Count(instance.Waiting)} waiting to be lived through" : "")}";
        var far =
            $"{Lines.Count(instance.OnPlan)} of {Lines.Count(plan.Cycles, "experience")}{beside}, generation "
            + $"{Math.Max(0, instance.Generation)}{(instance.Generation > plan.Rounds ? "" : $" of {plan.Rounds}")}";
        return instance.Status switch
        {
            InstanceState.Finished => $"finished: {far}",
            InstanceState.Parked => $"parked: {far}; {instance.Parked ?? "its journal does not tell why"}",
            InstanceState.Living when page.Run.State is RunState.Running or RunState.Silent || page.Run.Holder is { IsAlive: true } =>
                $"is being lived: {far}",
            InstanceState.Living => $"waits: {far}; nobody runs it, and the same `aime run` goes on with it",
            _ => throw new System.Diagnostics.UnreachableException(),
        };
    }

    private static IEnumerable<(string Term, string Meaning)> Who(InstancePage page)
    {
        var charter = page.Run.Plan.Charter;
        yield return ("charter", charter.Stem);
        if (!charter.Goals.IsEmpty)
            yield return ("goals", string.Join("; ", charter.Goals));
        yield return ("keeping", PolicyWords.Keeping(page.InstancesBy.Curate));
        yield return ("learning", PolicyWords.Learning(page.InstancesBy.Trainer, page.Run.Plan.Every));
        yield return ("self-model", page.Self.SelfModel);
        yield return (
            "champion",
            $"{page.Self.Model.Short}{(page.ByHand is null ? "" : ", made so by hand: the figures below are of the model before it")}"
        );
    }

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
                    ? [("held-out CE", "not known for this provider, which scores no text")]
                    : Array.Empty<(string, string)>(),
                .. page
                    .Generations.Where(g => g.Answered < g.Asked)
                    .Select(g =>
                        (
                            "answered",
                            $"generation {g.Number}: an option was named in {g.Answered} of {g.Asked} questions; drift "
                                + "leaves the others out"
                        )
                    ),
            ])
        );
    }

    private static IEnumerable<IRenderable> Self(InstancePage page)
    {
        var changes = page.SelfModels.Count - 1;
        yield return Lines.Heading(
            "How it came to see itself",
            changes <= 0
                ? "as at birth"
                : $"revised {(changes == 1 ? "once" : $"{changes} times")}{(changes > Most ? $"; birth and the last {Most}" : "")}"
        );
        yield return Lines.Terms(
            page.SelfModels.Take(1)
                .Concat(page.SelfModels.Skip(1).TakeLast(Most))
                .Select(s =>
                    (s.Because is { } because ? $"before e{s.Cycle}" : "birth", s.Because is { } b ? $"{s.Text} (because of {b})" : s.Text)
                )
        );
        if (page.Insights.Count == 0)
            yield break;
        yield return Lines.Heading("Its last insights", $"{Lines.Count(page.Insights.Count)} in all");
        yield return Lines.Terms(
            page.Insights.TakeLast(Most).Select(i => (i.Id.Value, $"{i.Statement} (from {string.Join(", ", i.Evidence)})"))
        );
    }

    private static string Verdict(Stored e) =>
        $"-> {e.Verdict.ToString().ToLowerInvariant()}{(e.Reasons.IsEmpty ? "" : $": {string.Join("; ", e.Reasons)}")}";

    /// <summary>How a round ended, in words.</summary>
    public static string Outcome(RoundOutcome outcome) =>
        outcome == RoundOutcome.RolledBack ? "rolled back" : outcome.ToString().ToLowerInvariant();

    private static string Short(ModelId? model, int length) =>
        model is not { } m ? "-"
        : length < 64 ? m.Short
        : m.Value;

    private static Text Right(string text) => new Text(text).RightJustified();
}
