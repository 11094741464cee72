using System.Text.Json.Serialization;
using AiMe.Faculties.Supervisor;
using AiMe.Journal;
using AiMe.Lab.History;

namespace AiMe.Console.Output.Documents;

/// <summary>The status of runs.</summary>
/// <param name="Store">The store, as in messages.</param>
/// <param name="Runs">Active runs first.</param>
internal sealed record StatusOutput(string Store, IReadOnlyList<RunStatusOutput> Runs) : OutputDocument
{
    public static StatusOutput Of(StoreAddress store, IEnumerable<RunStatus> runs) =>
        new(store.Place, [.. runs.Select(RunStatusOutput.Of)]);
}

/// <summary>The status of a run.</summary>
/// <param name="Run">Id of the run.</param>
/// <param name="State">Silent: its process runs, but its heartbeat is overdue.</param>
/// <param name="Seed">Seed of the run.</param>
/// <param name="Settings">Settings that tell it from the other runs of its experiment, by key, without the seed.</param>
/// <param name="Digest">Digest of the run; null until it has ended.</param>
/// <param name="Experiences">Stored experiences of the plan.</param>
/// <param name="Planned">Planned experiences.</param>
/// <param name="Beside">Experiences of unplanned input, those of forks included.</param>
/// <param name="Waiting">Inputs that are not yet answered.</param>
/// <param name="OpenReviews">Held experiences without a verdict for which complete rounds wait.</param>
/// <param name="Rounds">Planned rounds of an instance.</param>
/// <param name="Spending">Cost of calls of a hosted model.</param>
/// <param name="Calls">Calls to the model and the trainer by kind; a fork has those that it shares with its parent too.</param>
/// <param name="LeftOut">Optional parameters that the model's server refused.</param>
/// <param name="IndexFailures">Searches of memories that the vector store did not answer; absent if it answered all.</param>
/// <param name="PerSecond">Experiences a second; null if the run is not in progress.</param>
/// <param name="Owner">The process that runs it, or that left its lock behind; null if there is none.</param>
/// <param name="Shards">Empty if the run is not in shards.</param>
/// <param name="SecondsLeft">Remaining time; null if it is not known, or if the run is not in progress.</param>
/// <param name="Variants">In the order of the experiment file.</param>
/// <param name="Instances">In the order of the plan, then their forks.</param>
internal sealed record RunStatusOutput(
    string Run,
    RunState State,
    ulong Seed,
    IReadOnlyDictionary<string, string> Settings,
    string? Digest,
    int Experiences,
    int Planned,
    int Beside,
    int Waiting,
    int OpenReviews,
    int Rounds,
    SpendingOutput Spending,
    IReadOnlyList<CallOutput> Calls,
    IReadOnlyList<LeftOutOutput> LeftOut,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] IReadOnlyList<IndexFailureOutput>? IndexFailures,
    double? PerSecond,
    OwnerOutput? Owner,
    IReadOnlyList<ShardOutput> Shards,
    SecondsLeft? SecondsLeft,
    IReadOnlyList<VariantProgress> Variants,
    IReadOnlyList<InstanceStatusOutput> Instances
)
{
    /// <summary>The settings of a run that its seed does not say.</summary>
    public static IReadOnlyDictionary<string, string> SettingsOf(IEnumerable<(string Key, string Value)> settings) =>
        settings.Where(s => s.Key != "seed").ToDictionary(s => s.Key, s => s.Value, StringComparer.Ordinal);

    public static RunStatusOutput Of(RunStatus run)
    {
        var goesOn = run.State is RunState.Running or RunState.Silent;
        return new(
            run.Plan.Run,
            run.State,
            run.Plan.Seed.Value,
            SettingsOf(run.Settings),
            run.Run.Digest,
            run.Experiences,
            run.Planned,
            run.Unplanned,
            run.Waiting,
            run.OpenReviews,
            run.Plan.Rounds,
            SpendingOutput.Of(run.Run.Ledger),
            CallOutput.Of(run.Calls),
            LeftOutOutput.Of(run.Run.LeftOut),
            IndexFailureOutput.Of(run.Plan, run.Run.IndexFailures),
            goesOn ? run.Pace.PerSecond : null,
            OwnerOutput.Of(run, run.Holder),
            [.. run.Shards.Select(s => new ShardOutput($"{s.Shard}", s.HasBegun, s.HasEnded, OwnerOutput.Of(run, s.Holder)))],
            goesOn && run.Pace.Left is var (least, most) ? new(Math.Round(least.TotalSeconds, 1), Math.Round(most.TotalSeconds, 1)) : null,
            [
                .. run.Plan.Variants.Select(v =>
                    VariantProgress.Of(v.Name, [.. run.Instances.Where(i => i.Variant == v.Name && i.Parent is null)], run.Plan.Cycles)
                ),
            ],
            [
                .. run.Instances.Select(i => new InstanceStatusOutput(
                    i.Name,
                    i.Status,
                    i.OnPlan,
                    i.Unplanned,
                    i.Waiting,
                    i.Parent,
                    i.Generation,
                    i.Parked
                )),
            ]
        );
    }
}

/// <summary>Cost of calls of a hosted model.</summary>
/// <param name="Tokens">Reported tokens.</param>
/// <param name="Usd">Reported US dollars.</param>
/// <param name="TokensCommitted">Reported and reserved tokens.</param>
/// <param name="UsdCommitted">Reported and reserved US dollars.</param>
/// <param name="TokensBudget">Null if there is no limit.</param>
/// <param name="UsdBudget">Null if there is no limit.</param>
internal sealed record SpendingOutput(
    long Tokens,
    decimal Usd,
    long TokensCommitted,
    decimal UsdCommitted,
    long? TokensBudget,
    decimal? UsdBudget
)
{
    public static SpendingOutput Of(SpendingLedger l) =>
        new(l.Spent.Tokens, l.Spent.Usd, l.Committed.Tokens, l.Committed.Usd, l.Budget.Tokens, l.Budget.Usd);
}

/// <summary>A process that holds a run or a shard.</summary>
/// <param name="Host">Name of its machine.</param>
/// <param name="Process">Process id.</param>
/// <param name="Alive">False if the process has ended.</param>
/// <param name="Heartbeat">Time of its last heartbeat, UTC, <c>yyyy-MM-dd HH:mm:ss</c>.</param>
/// <param name="HeartbeatAge">Seconds since then.</param>
/// <param name="Since">When it began; null if unknown.</param>
internal sealed record OwnerOutput(string Host, int Process, bool Alive, string Heartbeat, double HeartbeatAge, string? Since)
{
    public static OwnerOutput? Of(RunStatus run, Holder? holder) =>
        holder is null
            ? null
            : new(
                holder.Owner.Info.Host,
                holder.Owner.Info.ProcessId,
                holder.IsAlive,
                Time(holder.Owner.Heartbeat),
                Math.Round(holder.Silence.TotalSeconds, 1),
                holder == run.Holder && run.Since is { } since ? Time(since) : null
            );

    private static string Time(DateTimeOffset time) =>
        time.ToString("yyyy-MM-dd HH:mm:ss", System.Globalization.CultureInfo.InvariantCulture);
}

/// <summary>A shard of a run.</summary>
/// <param name="Shard">Such as <c>2/3</c>.</param>
/// <param name="Begun">Whether it has begun.</param>
/// <param name="Ended">Whether it has ended.</param>
/// <param name="Owner">The process that runs it, or that left its lock behind; null if there is none.</param>
internal sealed record ShardOutput(string Shard, bool Begun, bool Ended, OwnerOutput? Owner);

/// <summary>Remaining time.</summary>
/// <param name="Least">Seconds, at the fastest recent speed.</param>
/// <param name="Most">Seconds, at the slowest recent speed.</param>
internal sealed record SecondsLeft(double Least, double Most);

/// <summary>The progress of a variant, without forks.</summary>
/// <param name="Variant">Its name in the experiment file.</param>
/// <param name="Instances">Planned instances.</param>
/// <param name="Experiences">Stored experiences of the plan.</param>
/// <param name="Planned">Planned experiences.</param>
/// <param name="Finished">Instances whose plan is complete.</param>
/// <param name="Parked">Instances that kept failing.</param>
internal sealed record VariantProgress(string Variant, int Instances, int Experiences, int Planned, int Finished, int Parked)
{
    public static VariantProgress Of(string variant, IReadOnlyCollection<InstanceStatus> own, int cycles) =>
        new(
            variant,
            own.Count,
            own.Sum(i => i.OnPlan),
            own.Count * cycles,
            own.Count(i => i.Status == InstanceState.Finished),
            own.Count(i => i.Status == InstanceState.Parked)
        );
}

/// <summary>The progress of an instance.</summary>
/// <param name="Instance">Name of the instance.</param>
/// <param name="Status">Living until its plan is complete.</param>
/// <param name="Experiences">Stored experiences of the plan.</param>
/// <param name="Beside">Experiences of unplanned input.</param>
/// <param name="Waiting">Inputs that were received and are not yet answered.</param>
/// <param name="Parent">The instance that it was forked from; null for a planned one.</param>
/// <param name="Generation">The last generation reached; -1 before generation 0.</param>
/// <param name="Parked">Why it is parked, or null.</param>
internal sealed record InstanceStatusOutput(
    string Instance,
    InstanceState Status,
    int Experiences,
    int Beside,
    int Waiting,
    string? Parent,
    int Generation,
    string? Parked
);
