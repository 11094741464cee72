using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using AiMe.EventSourcing;
using AiMe.Faculties;
using AiMe.Faculties.Supervisor;
using AiMe.Lab.Analysis.Comparison;
using AiMe.Lab.History;

namespace AiMe.Lab.Analysis.Exports.Trackers;

/// <summary>Writes a run as a folder that MLflow opens: its file store. Calls no model.</summary>
/// <remarks>
/// The experiment is an MLflow experiment. The run is an MLflow run, each variant one below it, and each planned instance
/// one below its variant; the step of a metric is the generation.
/// </remarks>
public static class MlflowExport
{
    /// <summary>Whether a name at the top of such a folder is an export's or MLflow's own.</summary>
    public static bool IsOwn(string name) => name is ".trash" or "models" || name.All(char.IsAsciiDigit);

    /// <summary>Writes the store.</summary>
    /// <param name="run">A run that has started.</param>
    /// <param name="compareJson">The comparison as <c>aime compare --json</c> prints it.</param>
    /// <param name="folder">An empty folder.</param>
    /// <param name="place">The place that the folder will have: MLflow finds artifacts by their whole address.</param>
    /// <returns>Number of instances.</returns>
    /// <exception cref="CorruptJournalException">
    /// A row cannot be read, is missing, or does not continue its chain.
    /// </exception>
    public static async Task<int> WriteAsync(
        IJournal journal,
        SupervisorState run,
        Func<RunComparison, byte[]> compareJson,
        string folder,
        string place,
        CancellationToken cancellationToken
    )
    {
        var plan = run.Plan!;
        using var planned = JsonDocument.Parse(FacultyEvents.Codec.Write(new RunPlanned(plan)));
        var json = planned.RootElement.GetProperty("plan");
        List<(InstanceSummary Summary, InstanceTimes Times)> instances = [];
        foreach (var (variant, replicate) in plan.Instances)
        {
            var name = RunPlan.NameOf(variant, replicate);
            instances.Add(
                (
                    InstanceSummary.Of(plan, await InstanceRecord.ReadAsync(journal, run, name, cancellationToken)),
                    await InstanceTimes.ReadAsync(journal, plan.Run, name, cancellationToken)
                )
            );
        }

        var comparison = RunComparison.Of(run, [.. instances.Select(i => i.Summary)]);
        var store = new MlflowFolder(folder, place, plan.Run);
        var status = run.Digest is null ? MlflowStatus.Running : MlflowStatus.Finished;
        var top = store.Begin("", plan.Run, parent: null);
        Describe(top, comparison);
        top.Param("seed", plan.Seed.ToString());
        top.Param("replicates", plan.Replicates.ToString(CultureInfo.InvariantCulture));
        top.Param("rounds", plan.Rounds.ToString(CultureInfo.InvariantCulture));
        top.Param("base", plan.Base.Value);
        await top.ArtifactAsync("compare.json", compareJson(comparison), cancellationToken);
        await top.ArtifactAsync("plan.json", System.Text.Encoding.UTF8.GetBytes(json.GetRawText()), cancellationToken);
        store.End(top, status, [.. instances.Select(i => i.Times)]);
        store.Describe(MlflowFolder.BeganOf(instances.Select(i => i.Times)));
        foreach (var (index, variant) in plan.Variants.Index())
        {
            var own = instances.Where(i => i.Summary.Variant == variant.Name).ToArray();
            var parent = store.Begin(variant.Name, variant.Name, top);
            parent.Tag("aime.variant", variant.Name);
            var settings = json.GetProperty("variants")[index];
            Flatten(parent, "", settings);
            Means(parent, comparison, variant.Name, own.Select(i => i.Times));
            store.End(parent, status, [.. own.Select(i => i.Times)]);
            foreach (var (summary, times) in own)
                Instance(store, parent, summary, times, settings, comparison.WordBudget);
        }

        return instances.Count;
    }

    private static void Instance(
        MlflowFolder store,
        MlflowRun parent,
        InstanceSummary summary,
        InstanceTimes times,
        JsonElement settings,
        int budget
    )
    {
        var own = store.Begin(summary.Instance, summary.Instance, parent);
        own.Tag("aime.instance", summary.Instance);
        own.Tag("aime.variant", summary.Variant);
        own.Tag("aime.status", summary.Status.ToString().ToLowerInvariant());
        own.Param("replicate", summary.Replicate.ToString(CultureInfo.InvariantCulture));
        Flatten(own, "", settings);
        for (var g = 0; g <= summary.Reached; g++)
        {
            foreach (var measure in Measure.All)
                own.Metric(measure.Key, measure.Of(summary, g, budget), g, times.Probed[g]);
            foreach (var (trait, value) in summary.Generations[g].Traits)
                own.Metric($"trait.{trait}", value, g, times.Probed[g]);
        }

        store.End(
            own,
            summary.Status switch
            {
                InstanceState.Finished => MlflowStatus.Finished,
                InstanceState.Parked => MlflowStatus.Failed,
                _ => MlflowStatus.Running,
            },
            [times]
        );
    }

    // The time of a mean is that of the last instance that it is over.
    private static void Means(MlflowRun run, RunComparison comparison, string variant, IEnumerable<InstanceTimes> times)
    {
        var summary = comparison.Variants.Single(v => v.Name == variant);
        foreach (var (measure, series) in summary.Series)
        {
            foreach (var (g, estimate) in series.Index())
            {
                var at = times.Where(t => t.Probed.Length > g).Select(t => t.Probed[g]).DefaultIfEmpty(DateTime.UnixEpoch).Max();
                run.Metric(measure.Key, estimate.Mean, g, at);
                run.Metric($"{measure.Key}.low", estimate.Low, g, at);
                run.Metric($"{measure.Key}.high", estimate.High, g, at);
            }
        }
    }

    private static void Describe(MlflowRun run, RunComparison comparison)
    {
        run.Tag("aime.run", comparison.Plan.Run);
        if (comparison.Digest is { } digest)
            run.Tag("aime.digest", digest);
        var findings = Findings.Of(comparison).Where(f => !f.Detail).Select(f => $"- {f.Text}");
        var question = comparison.Analysis.Question is { } asked ? $"{asked}\n\n" : "";
        run.Tag("mlflow.note.content", question + string.Join('\n', findings));
    }

    // A leaf of the settings is a param; its key is the path to it.
    private static void Flatten(MlflowRun run, string path, JsonElement at)
    {
        switch (at.ValueKind)
        {
            case JsonValueKind.Object:
                foreach (var member in at.EnumerateObject())
                    Flatten(run, Below(member.Name), member.Value);
                break;
            case JsonValueKind.Array:
                foreach (var (i, item) in at.EnumerateArray().Index())
                    Flatten(run, Below(i.ToString(CultureInfo.InvariantCulture)), item);
                break;
            case JsonValueKind.Null:
                break;
            default:
                run.Param(path, at.ToString());
                break;
        }

        string Below(string name) => path.Length == 0 ? name : $"{path}.{name}";
    }
}
