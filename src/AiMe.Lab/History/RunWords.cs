using AiMe.Faculties;
using AiMe.Faculties.Supervisor;
using AiMe.Journal;
using AiMe.Lab.Runs;

namespace AiMe.Lab.History;

/// <summary>The status of runs and instances in words, for the terminal and for pages.</summary>
public static class RunWords
{
    /// <summary>How to resume a run: <c>run the same `aime run`</c>, and the version of the loop if a file may not name it.</summary>
    public static string Resume(RunPlan plan)
    {
        ArgumentNullException.ThrowIfNull(plan);
        var version = plan.LoopVersion ?? LoopVersion.First;
        return $"run the same `aime run`{(version == LoopVersion.Usual ? "" : $" with --set loop-version={version}")}";
    }

    private static string Raise(RunPlan plan) => $"raise it with --set budget.usd=... or budget.tokens=... and {Resume(plan)} to resume";

    /// <summary>A state in one or two words.</summary>
    public static string Of(RunState state) => state == RunState.InReview ? "in review" : state.ToString().ToLowerInvariant();

    /// <summary>The status of an instance in one or two words.</summary>
    public static string Of(InstanceState state) => state == InstanceState.Living ? "in progress" : state.ToString().ToLowerInvariant();

    /// <summary>State, what it means and what to do, in one line.</summary>
    public static string InOneLine(RunStatus run)
    {
        ArgumentNullException.ThrowIfNull(run);
        if (run.State == RunState.Ended)
            return Ended(run);
        if (run.State == RunState.Paused)
            return $"paused: the budget is used up; {Raise(run.Plan)}";
        if (run.State == RunState.InReview)
            return $"waiting for review: decide with `aime review --as NAME` and {Resume(run.Plan)} to resume";
        if (!run.Shards.IsEmpty)
            return Shards(run);
        if (run.Holder is not { } holder)
            return $"stopped: {Resume(run.Plan)} to resume";
        var (who, beat) = (Process(holder), Plain.Ago(holder.Silence));
        return run.State switch
        {
            RunState.Stopped => $"stopped: {who} has exited, last heartbeat {beat}; {Resume(run.Plan)} to resume",
            RunState.Silent => $"{who} holds it, but its last heartbeat was {beat}: suspended, or waiting for its disk",
            _ => $"running{(run.Since is { } since ? $" for {Plain.Span(run.At - since)}" : "")}: {who}, heartbeat {beat}",
        };
    }

    /// <summary>What the state means and what to do, in sentences, for a page that shows the state itself.</summary>
    public static string Explain(RunStatus run)
    {
        ArgumentNullException.ThrowIfNull(run);
        if (run.State == RunState.Ended)
            return $"All instances are finished or parked. Digest {run.Run.Digest}";
        if (run.State == RunState.Paused)
            return $"The budget is used up: {Raise(run.Plan)}.";
        if (run.State == RunState.InReview)
            return $"{Plain.Count(run.OpenReviews, "held experience")} without a verdict, for which it waits. Review them, and resume it.";
        if (!run.Shards.IsEmpty)
            return $"It is {Shards(run)}. Resume each with its own `aime run --shard i/n`.";
        if (run.Holder is not { } holder)
            return $"No process hosts it. Resume it here, or {Resume(run.Plan)}.";
        return run.State switch
        {
            RunState.Stopped => $"The {Process(holder)} has exited. Resume it here, or {Resume(run.Plan)}.",
            RunState.Silent => $"The {Process(holder)} holds it, but its last heartbeat was {Plain.Ago(holder.Silence)}.",
            _ => $"Hosted by {Process(holder)}.",
        };
    }

    /// <summary>Speed; why there is none, if there is none.</summary>
    public static string Speed(RunStatus run)
    {
        ArgumentNullException.ThrowIfNull(run);
        if (!double.IsNaN(run.Pace.PerSecond))
            return FormattableString.Invariant($"{run.Pace.PerSecond:0.#} per second over the last {Plain.Span(run.Pace.Over)}");
        var since = run.At - run.Since;
        if (run.Experiences == 0)
            return since is { } span ? $"none yet, running for {Plain.Span(span)}" : "none yet";
        return since < Throughput.Window
            ? $"none since it was resumed {Plain.Span(since.Value)} ago"
            : $"none in the last {Plain.Span(Throughput.Window)}";
    }

    /// <summary>The remaining time.</summary>
    public static string Left(Throughput pace)
    {
        ArgumentNullException.ThrowIfNull(pace);
        return pace.Left is not var (least, most) ? "remaining time: not known yet"
            : Plain.Span(least) == Plain.Span(most) ? $"remaining time: about {Plain.Span(least)}"
            : $"remaining time: {Plain.Span(least)} to {Plain.Span(most)}";
    }

    /// <summary>Speed and remaining time; empty if the run does not progress.</summary>
    public static string Pace(RunStatus run)
    {
        ArgumentNullException.ThrowIfNull(run);
        return run.State is RunState.Running or RunState.Silent ? $"{Speed(run)}; {Left(run.Pace)}" : "";
    }

    private static string Ended(RunStatus run)
    {
        var planned = run.Instances.Where(l => l.Parent is null).ToList();
        var parked = planned.Count(l => l.Status == InstanceState.Parked);
        var visited = run.Holder is { IsAlive: true } visitor ? $"; {Process(visitor)} holds it" : "";
        return $"ended: {Plain.Count(planned.Count - parked)} finished, {Plain.Count(parked)} parked, digest "
            + $"{run.Run.Digest![..Math.Min(12, run.Run.Digest!.Length)]}{visited}";
    }

    private static string Shards(RunStatus run) =>
        $"in {run.Shards.Length} shards: {run.Shards.Count(s => s.HasEnded)} ended, "
        + $"{run.Shards.Count(s => s is { HasEnded: false, Holder.IsAlive: true })} running";

    private static string Process(Holder holder) => $"process {holder.Owner.Info.ProcessId} on {holder.Owner.Info.Host}";
}
