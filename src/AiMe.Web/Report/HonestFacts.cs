using System.Globalization;
using AiMe.Faculties.Supervisor;
using AiMe.Lab.Analysis.Comparison;
using AiMe.Lab.History;
using AiMe.Lab.Runs.Spending;

namespace AiMe.Web.Report;

/// <summary>What a report rests on: runs, seeds, digests, what was exploratory, what failed, what it cost.</summary>
public static class HonestFacts
{
    /// <summary>The facts, in order.</summary>
    /// <param name="version">Version of the program that writes the report.</param>
    public static IEnumerable<(string Term, string Fact)> Of(ReportRun run, string version)
    {
        ArgumentNullException.ThrowIfNull(run);
        var (shown, record, plan) = (run.Shown, run.Record, run.Record.Plan);
        yield return ("run", plan.Run);
        yield return ("seed", plan.Seed.Value.ToString(CultureInfo.InvariantCulture));
        yield return ("digest", shown.Digest ?? "none yet: the run has not finished");
        yield return ("base model", $"{plan.Base.Value}{(plan.Origin is ModelOrigin.Hosted ? " (hosted)" : "")}");
        foreach (var variant in plan.Variants.Where(v => v.Model is not null))
            yield return ($"base model of {variant.Name}", $"{plan.BaseOf(variant).Value}, preset {variant.Model!.Preset}");
        yield return (
            "size",
            $"{plan.Variants.Length} variants x {UnitWords.Size(plan)}, {N(shown.Instances.Length)} instances shown, "
                + $"{N(record.Experiences)} experiences stored in the run, generations 0 to {plan.Rounds}"
        );
        yield return ("compared generation", Compared(shown));
        yield return ("declared", Declared(shown));
        yield return (
            "exploratory",
            "everything else here: all charts over generations, signatures, identity space, and every difference without a declared test"
        );
        yield return ("unplanned input", Unplanned(shown));
        yield return ("parked", Parked(record));
        yield return ("failed calls", Failed(record.Calls));
        foreach (var unanswered in IndexWords.Sum(shown.IndexFailures))
            yield return ("memory index", IndexWords.Of(unanswered, shown.Plan.Index?.Waits == true));
        foreach (var left in CallWords.InForce(shown.LeftOut))
            yield return ($"left out: {left.Parameter}", CallWords.Of(left));
        yield return ("cost", Cost(record));
        yield return ("program", $"AiMe {version}");
    }

    private static string Compared(RunComparison shown) =>
        $"{shown.Generation} of {shown.Plan.Rounds}"
        + (shown.Generation == shown.DeclaredGeneration ? "" : $"; the tests were declared for generation {shown.DeclaredGeneration}")
        + (shown.IsPlannedOnly ? "; instances with unplanned input are left out" : "");

    private static string Declared(RunComparison shown) =>
        $"{shown.Tests.Count(t => t.IsPrimary)} primary and {shown.Tests.Count(t => !t.IsPrimary)} secondary tests shown here "
        + (shown.Plan.Analysis is null ? "(by default: the experiment declares no analysis)" : "(in the experiment file)")
        + $"; the primary family of the run has {shown.Family}";

    private static string Unplanned(RunComparison shown)
    {
        string[] deviating = [.. shown.Instances.Where(i => i.IsUnplannedBy(shown.Generation)).Select(i => i.Instance)];
        return deviating.Length == 0 ? "none" : $"{deviating.Length} instances: {string.Join(", ", deviating)}";
    }

    private static string Parked(RunRecord record)
    {
        string[] parked =
        [
            .. record
                .Instances.Where(i => i.Status == InstanceState.Parked)
                .Select(i => $"{i.Name}: {record.Run.Instances[i.Name].Reason ?? "no reason recorded"}"),
        ];
        return parked.Length == 0 ? "none" : string.Join("\n", parked);
    }

    private static string Failed(CallTally calls)
    {
        string[] kinds = [.. calls.Kinds.Where(k => k.Count.Failed > 0).Select(k => CallWords.Of(k.Kind, k.Count))];
        return kinds.Length == 0 ? "none" : string.Join("\n", kinds);
    }

    private static string Cost(RunRecord record) =>
        $"{record.Tokens.ToString("N0", CultureInfo.InvariantCulture)} tokens sampled and trained on"
        + (SpendingWords.Of(record.Run.Ledger) is { } spent ? $"; {spent}" : "; no money was spent: the model ran in the program");

    private static string N(int number) => number.ToString("N0", CultureInfo.InvariantCulture);
}
