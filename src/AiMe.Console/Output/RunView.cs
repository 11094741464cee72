using AiMe.Faculties;
using AiMe.Faculties.Supervisor;
using AiMe.Lab.Analysis.Comparison;
using AiMe.Lab.Analysis.Comparison.Treatments;
using AiMe.Lab.History;
using AiMe.Lab.Runs.SavedModels;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace AiMe.Console.Output;

/// <summary>Prints one run on one page.</summary>
internal static class RunView
{
    /// <summary>Returns the page for a terminal.</summary>
    /// <param name="newborns">What each model of generation 0 says of its charter; null or less if not all were measured.</param>
    public static IRenderable Of(
        IAnsiConsole console,
        RunStatus run,
        IReadOnlyList<ListRow> rows,
        IReadOnlyList<(ModelId Model, CharterCoverage Coverage)>? newborns = null
    )
    {
        var plan = run.Plan;
        var stimuli = Lines.Count(plan.Stimuli.Length, "stimulus").Replace("stimuluss", "stimuli", StringComparison.Ordinal);
        var drives = plan.InternalEvery > 0 ? $", and a question to itself after every {plan.InternalEvery}" : "";
        List<IRenderable> parts =
        [
            .. StatusView.Head(run),
            new Text(""),
            Lines.Terms([
                ("instances", $"{Lines.Count(plan.Variants.Length, "variant")} x {UnitWords.Size(plan)}"),
                (
                    "plan",
                    $"{stimuli}{drives}: "
                        + $"{Lines.Count(plan.Cycles, "experience")} each, {Lines.Count(plan.Rounds, "round")} of {plan.Every}"
                ),
                plan.HasCharters ? ("charters", Charters(plan)) : ("charter", plan.Charter.Stem),
                ("model", $"generation 0{Bases(plan)}" + $"{Tuned(plan.Origin?.Identity)}{Own(plan)}"),
                .. (newborns ?? []).Select(n =>
                    (plan.HasOwnModels || plan.HasCharters ? $"newborn {n.Model.Short}" : "newborn", NewbornLine.Of(n.Coverage))
                ),
            ]),
            Lines.Heading("Variants"),
            Lines.Terms(
                plan.Variants.Select(v => (v.Name, $"{PolicyWords.Keeping(v.Curate)}.\n{PolicyWords.Learning(v.Trainer, plan.Every)}."))
            ),
            .. Treatment.All(plan) is { IsEmpty: false } scheduled
                ? new IRenderable[]
                {
                    Lines.Heading("Interventions"),
                    Lines.Terms(scheduled.Select(t => ($"cycle {t.Cycle}", $"{t.Variant} {t.Words}"))),
                }
                : [],
            Lines.Heading("Instances"),
            ListView.Instances(console, rows),
            new Text(ListView.Legend, Lines.Dim),
            .. StatusView.Parked(run),
        ];
        return new Rows(parts);
    }

    // Of each charter, if they have models of their own.
    private static string Bases(RunPlan plan)
    {
        (string Charter, ModelId Base)[] own = [.. plan.ByCharter.Select(p => (p.Charter.Name, p.Base))];
        return own.All(o => o.Base == plan.Base)
            ? $" is {plan.Base.Short}"
            : $" of {own[0].Charter} is {own[0].Base.Short}" + string.Concat(own.Skip(1).Select(o => $", of {o.Charter} {o.Base.Short}"));
    }

    // By replicates, which the names of instances have; by variants, if each has a charter of its own.
    private static string Charters(RunPlan plan) =>
        string.Join(
            "; ",
            plan.HasCharterByVariant
                ? plan.Variants.Select(v => $"{v.Name}: {v.Charter}")
                : plan.AllCharters.Select((c, i) => $"{c.Name}: {Replicates(plan.Units, i + 1)}")
        );

    private static string Replicates(AnalysisUnits units, int charter)
    {
        int[] own = [.. units.ReplicatesOf(charter)];
        return own.Length == 1 ? $"{own[0]}" : $"{own[0]}-{own[^1]}";
    }

    private static string Own(RunPlan plan) =>
        string.Concat(
            plan.Variants.Where(v => v.Model is not null)
                .Select(v => $"; of {v.Name} it is {plan.BaseOf(v).Short}, preset {v.Model!.Preset}")
        );

    private static string Tuned(IdentityTuning? identity) =>
        identity is null ? "" : $", the base model after {Lines.Count(identity.Exchanges, "exchange")} of its identity";
}
