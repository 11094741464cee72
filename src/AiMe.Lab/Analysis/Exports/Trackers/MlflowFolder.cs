using System.Collections.Immutable;
using AiMe.Faculties.Supervisor;

namespace AiMe.Lab.Analysis.Exports.Trackers;

/// <summary>An MLflow experiment in a file store: its folder, and the runs in it.</summary>
internal sealed class MlflowFolder
{
    private readonly string _run;
    private readonly string _id;
    private readonly string _folder;
    private readonly Uri _location;

    /// <param name="root">The folder of the store.</param>
    /// <param name="place">The place that the store will have.</param>
    public MlflowFolder(string root, string place, string run)
    {
        (_run, _id) = (run, DerivedId.Number("experiment", RunPlan.ExperimentOf(run)));
        _folder = Path.Combine(root, _id);
        _location = new Uri(Path.Combine(Path.GetFullPath(place), _id));
        Directory.CreateDirectory(_folder);
    }

    /// <param name="name">What the run is about; empty for the whole run.</param>
    public MlflowRun Begin(string name, string title, MlflowRun? parent)
    {
        var run = new MlflowRun(_folder, DerivedId.Hex(32, _run, parent?.Id ?? "", name), title);
        if (parent is not null)
            run.Tag("mlflow.parentRunId", parent.Id);
        return run;
    }

    /// <summary>Completes a run, from its first event to its last.</summary>
    public void End(MlflowRun run, MlflowStatus status, ImmutableArray<InstanceTimes> times)
    {
        var began = BeganOf(times);
        run.Finish(_id, new Uri($"{_location.AbsoluteUri}/{run.Id}"), status, began, times.Select(t => t.Ended).Max());
    }

    /// <summary>Writes the experiment's own file.</summary>
    /// <param name="began">MLflow shows experiments by the time of their creation.</param>
    public void Describe(DateTime began) =>
        File.WriteAllText(
            Path.Combine(_folder, "meta.yaml"),
            $"""
            artifact_location: {MlflowRun.Yaml(_location.AbsoluteUri)}
            creation_time: {MlflowRun.Milliseconds(began)}
            experiment_id: {MlflowRun.Yaml(_id)}
            last_update_time: {MlflowRun.Milliseconds(began)}
            lifecycle_stage: active
            name: {MlflowRun.Yaml(RunPlan.ExperimentOf(_run))}

            """.ReplaceLineEndings("\n")
        );

    /// <summary>The time of the first event.</summary>
    public static DateTime BeganOf(IEnumerable<InstanceTimes> times) => times.Select(t => t.Began).Min() ?? DateTime.UnixEpoch;
}
