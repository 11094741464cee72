using AiMe.Faculties.Supervisor;
using AiMe.Lab.History;

namespace AiMe.Web.View.Parts;

/// <summary>The status of runs and instances in words.</summary>
internal static class RunWords
{
    /// <summary>One word.</summary>
    public static string Of(RunState state) => state == RunState.InReview ? "in review" : state.ToString().ToLowerInvariant();

    /// <summary>What it means and what to do.</summary>
    public static string Explain(RunStatus run)
    {
        if (run.State == RunState.Ended)
            return $"All instances are finished or parked. Digest {run.Run.Digest}";
        if (run.State == RunState.Paused)
            return "The budget is used up. Raise it with --set budget.usd=... or budget.tokens=... and run the same `aime run` to resume.";
        if (run.State == RunState.InReview)
            return $"{Plain.Count(run.OpenReviews, "held experience")} without a verdict, for which it waits. Review them, and resume it.";
        if (!run.Shards.IsEmpty)
            return $"In {run.Shards.Length} shards: {run.Shards.Count(s => s.HasEnded)} ended, "
                + $"{run.Shards.Count(s => s is { HasEnded: false, Holder.IsAlive: true })} running. "
                + "Resume each with its own `aime run --shard i/n`.";
        if (run.Holder is not { } holder)
            return "No process hosts it. Resume it here, or run the same `aime run`.";
        var who = $"process {holder.Owner.Info.ProcessId} on {holder.Owner.Info.Host}";
        return run.State switch
        {
            RunState.Stopped => $"The {who} has exited. Resume it here, or run the same `aime run`.",
            RunState.Silent => $"The {who} holds it, but its last heartbeat was {Plain.Ago(holder.Silence)}.",
            _ => $"Hosted by {who}.",
        };
    }

    /// <summary>Speed and remaining time; empty if the run does not progress.</summary>
    public static string Pace(RunStatus run)
    {
        if (run.State is not (RunState.Running or RunState.Silent) || double.IsNaN(run.Pace.PerSecond))
            return "";
        var speed = FormattableString.Invariant($"{run.Pace.PerSecond:0.#} experiences per second");
        return run.Pace.Left is not var (least, most) ? speed
            : Plain.Span(least) == Plain.Span(most) ? $"{speed}, about {Plain.Span(least)} left"
            : $"{speed}, {Plain.Span(least)} to {Plain.Span(most)} left";
    }

    /// <summary>The status of an instance in one word.</summary>
    public static string Of(InstanceState state) =>
        state switch
        {
            InstanceState.Living => "in progress",
            InstanceState.Finished => "finished",
            InstanceState.Parked => "parked",
            _ => state.ToString().ToLowerInvariant(),
        };
}
