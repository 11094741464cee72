using System.Collections.Immutable;
using System.Globalization;
using AiMe.Faculties.Supervisor;
using AiMe.Lab.Analysis.Comparison;
using AiMe.Lab.History;

namespace AiMe.Lab.Analysis.Preregistration;

/// <summary>A difference between what was registered and what was run or is compared.</summary>
/// <param name="What">A key of the experiment file, or the subject in words.</param>
/// <param name="Registered">What was registered.</param>
/// <param name="Found">What was found.</param>
public sealed record Deviation(string What, string Registered, string Found)
{
    /// <summary>In one sentence.</summary>
    public override string ToString() => $"{What}: registered {Registered}, found {Found}.";
}

/// <summary>Checks a run against its registration.</summary>
public static class Deviations
{
    private const string None = "nothing";

    /// <summary>
    /// Every deviation: of the page from itself, of the experiment, the time and the plan first, then of the run, then of the
    /// comparison.
    /// </summary>
    /// <param name="planned">When the run was planned, UTC; null if unknown.</param>
    public static ImmutableArray<Deviation> Of(RegistrationPage registered, RunComparison comparison, DateTime? planned = null)
    {
        ArgumentNullException.ThrowIfNull(registered);
        ArgumentNullException.ThrowIfNull(comparison);
        Deviation[] ofPlan = [.. OfPlan(registered.ReadPlan(), comparison.Plan)];
        return
        [
            .. PageIntegrity.Of(registered),
            .. OfExperiment(registered, comparison.Plan),
            .. OfTime(registered, planned),
            .. ofPlan,
            .. OfModel(registered, comparison.Plan, ofPlan.Length > 0),
            .. OfRun(registered, comparison),
            .. OfView(registered, comparison),
        ];
    }

    private static IEnumerable<Deviation> OfExperiment(RegistrationPage registered, RunPlan run)
    {
        if (RunPlan.ExperimentOf(run.Run) is var name && name != registered.Experiment)
            yield return new Deviation("experiment", registered.Experiment, name);
    }

    // The page's time is to the second, by the clock of the machine that wrote it.
    private static IEnumerable<Deviation> OfTime(RegistrationPage registered, DateTime? planned)
    {
        const string Form = "yyyy-MM-dd HH:mm:ss";
        if (
            planned is { } began
            && DateTime.TryParseExact(registered.Written, Form, CultureInfo.InvariantCulture, DateTimeStyles.None, out var written)
            && written > began
        )
            yield return new Deviation(
                "time of registration",
                "before the run",
                $"written {registered.Written} UTC, and the run was planned {began.ToString(Form, CultureInfo.InvariantCulture)} UTC"
            );
    }

    private static IEnumerable<Deviation> OfPlan(RunPlan registered, RunPlan run)
    {
        // The base model is trained after the registration.
        registered = registered with { Base = run.Base, Origin = run.Origin };
        if (!registered.Variants.Select(v => v.Name).SequenceEqual(run.Variants.Select(v => v.Name)))
            yield return new Deviation("variants", Names(registered), Names(run));
        // A variant that only one of them has is named as such, without its settings.
        (registered, run) = (Shared(registered, run), Shared(run, registered));
        Dictionary<string, string> then = Settings(registered),
            now = Settings(run);
        foreach (var key in then.Keys.Concat(now.Keys.Where(k => !then.ContainsKey(k))))
        {
            var (before, after) = (then.GetValueOrDefault(key, None), now.GetValueOrDefault(key, None));
            if (before != after)
                yield return new Deviation(key, before, after);
        }
    }

    // The model is not in the registered plan; the id of a run begins with the digest of all that was resolved.
    private static IEnumerable<Deviation> OfModel(RegistrationPage registered, RunPlan run, bool differs)
    {
        var hash = run.Run[RunPlan.ExperimentOf(run.Run).Length..].TrimStart('-');
        if (!differs && hash.Length > 0 && !registered.Digest.StartsWith(hash, StringComparison.Ordinal))
            yield return new Deviation(
                "base model",
                $"that of digest {registered.Digest[..8]}",
                $"another one: the run's digest begins with {hash}, and no other setting differs"
            );
    }

    private static IEnumerable<Deviation> OfRun(RegistrationPage registered, RunComparison comparison)
    {
        var all = comparison.Instances;
        var planned = Count(registered.Design.Instances, "instance");
        if (all.Count(i => i.Status == InstanceState.Living) is > 0 and var open)
            yield return new Deviation("end of the run", $"{planned} to their end", $"{open} still in progress");
        if (all.Where(i => i.IsCensored).Select(i => i.Instance).ToArray() is { Length: > 0 } parked)
            yield return new Deviation("instances", $"{planned} to their end", $"{parked.Length} ended early: {string.Join(", ", parked)}");
        foreach (var instance in all.Where(i => i.IsUnplannedBy(comparison.Generation)))
            yield return new Deviation(
                "unplanned input",
                None,
                $"{instance.Instance}: {Count(instance.Deeds.Count(d => d.After < comparison.Generation), "intervention")}"
                    + (comparison.IsPlannedOnly ? ", left out of the comparison" : "")
            );
        foreach (var left in CallWords.InForce(comparison.LeftOut))
            yield return new Deviation($"request parameter {left.Parameter}", "sent", $"left out: {CallWords.Of(left)}");
    }

    private static IEnumerable<Deviation> OfView(RegistrationPage registered, RunComparison comparison)
    {
        if (comparison.Generation != registered.Generation)
            yield return new Deviation("compared generation", Text(registered.Generation), Text(comparison.Generation));
    }

    private static string Names(RunPlan plan) => string.Join(' ', plan.Variants.Select(v => v.Name));

    private static RunPlan Shared(RunPlan plan, RunPlan other) =>
        plan with
        {
            Variants =
            [
                .. plan.Variants.Where(v => other.Variants.Any(o => o.Name == v.Name)).OrderBy(v => v.Name, StringComparer.Ordinal),
            ],
        };

    private static Dictionary<string, string> Settings(RunPlan plan) =>
        DistinctSettings
            .All(plan)
            .Select(s => s.Key == "analysis" ? (s.Key, Value: AnalysisText(plan)) : s)
            .ToDictionary(s => s.Key, s => s.Value, StringComparer.Ordinal);

    // In words rather than as a hash, so that the difference can be read.
    private static string AnalysisText(RunPlan plan)
    {
        if (plan.Analysis is not { } a)
            return None;
        var tests = Comparison.Declared.DeclaredTests.Blank([], a);
        var words = tests.Select(t => $"{(t.IsPrimary ? "" : "secondary: ")}{Comparison.Declared.TestSentence.Hypothesis(t)}");
        return $"{string.Join(" ", words)} Alpha {a.Alpha.ToString(CultureInfo.InvariantCulture)}, generation "
            + $"{(a.Generation is { } g ? Text(g) : "last")}, {a.Interval.ToString().ToLowerInvariant()} intervals"
            + string.Concat(
                a.Primary.Concat(a.Secondary)
                    .OfType<DeclaredOutcome.Value>()
                    .Where(o => o.SmallestEffect is not null)
                    .Select(o => $", smallest effect of {o.Measure} {o.SmallestEffect!.Value.ToString(CultureInfo.InvariantCulture)}")
            )
            + string.Concat(
                a.Declared.Select(p =>
                    $", {(p.IsSecondary ? "secondary " : "")}prediction: {Predictions.PredictionWords.Number(p)} "
                    + Predictions.PredictionWords.Expected(p, Measure.Find(p.Measure)!)
                    + (p.At is { } at ? $" at generation {Text(at)}" : "")
                )
            )
            + (a.Question is { } question ? $", question: {question}" : "");
    }

    private static string Text(int value) => value.ToString(CultureInfo.InvariantCulture);

    private static string Count(int n, string one) => $"{Text(n)} {one}{(n == 1 ? "" : "s")}";
}
