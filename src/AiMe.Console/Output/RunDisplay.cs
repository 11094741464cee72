using System.Collections.Concurrent;
using System.Collections.Immutable;
using AiMe.Console.Terminal;
using AiMe.EventSourcing;
using AiMe.Faculties.Curator;
using AiMe.Faculties.Memory;
using AiMe.Faculties.Reflector;
using AiMe.Faculties.Self;
using AiMe.Faculties.Supervisor;
using AiMe.Faculties.Trainer;
using AiMe.Lab.Analysis.Comparison;
using AiMe.Lab.History;
using AiMe.Lab.Runs.Spending;
using AiMe.Nano.Training;
using Spectre.Console;

namespace AiMe.Console.Output;

/// <summary>Instances that are shown as one line.</summary>
internal sealed record InstanceGroup(string Name, ImmutableArray<string> Instances);

/// <summary>Shows progress on standard error: bars on a terminal, plain lines with redirected output.</summary>
internal abstract class RunDisplay : IRuntimeObserver, IProgress<TrainingProgress>
{
    private readonly ConcurrentDictionary<string, int> _closed = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, bool> _born = new(StringComparer.Ordinal);
    private readonly CallTally _calls = new();
    private readonly BirthNotice _battery = new();

    /// <summary>Runs work with a display that suits the terminal.</summary>
    /// <param name="isOneOfSeveral">Whether this process is one node of several.</param>
    public static async Task<T> ShowAsync<T>(Func<RunDisplay, Task<T>> work, bool isOneOfSeveral = false)
    {
        if (!TerminalWriter.Error.Profile.Capabilities.Interactive || System.Console.IsErrorRedirected)
            return await work(new RunLines(System.Console.Error) { IsOneOfSeveral = isOneOfSeveral });
        return await TerminalWriter
            .Error.Progress()
            .AutoClear(true)
            .HideCompleted(false)
            .Columns(
                new TaskDescriptionColumn { Alignment = Justify.Left },
                new ProgressBarColumn(),
                new PercentageColumn(),
                new RemainingTimeColumn(),
                new SpinnerColumn()
            )
            .StartAsync(context => work(new RunBars(context) { IsOneOfSeveral = isOneOfSeveral }));
    }

    /// <summary>Begins the display of a run.</summary>
    /// <param name="shard">The shard that is run, or null for all instances.</param>
    public void Begin(RunPlan plan, Shard? shard, IReadOnlyDictionary<string, InstanceProgress> known)
    {
        ImmutableArray<InstanceGroup> groups =
        [
            .. (shard?.InstancesOf(plan) ?? plan.Instances)
                .GroupBy(i => i.Variant.Name, i => RunPlan.NameOf(i.Variant, i.Replicate), StringComparer.Ordinal)
                .Select(g => new InstanceGroup(g.Key, [.. g])),
        ];
        var share = shard is null ? "" : $" (shard {shard}: {groups.Sum(g => g.Instances.Length)} of them)";
        Begin(
            plan,
            known,
            groups,
            $"{plan.Run}: {Lines.Count(plan.Variants.Length, "variant")} x "
                + $"{UnitWords.Size(plan)}{share}, "
                + $"{Lines.Count(plan.Cycles, "experience")} each, {Lines.Count(plan.Rounds, "round")}"
        );
    }

    /// <summary>Begins the display of selected instances, such as forks.</summary>
    /// <param name="says">A heading of one line.</param>
    public void Begin(RunPlan plan, IReadOnlyDictionary<string, InstanceProgress> known, ImmutableArray<InstanceGroup> groups, string says)
    {
        foreach (var (name, instance) in known)
        {
            _closed[name] = instance.Cycle;
            if (instance.Generation >= 0)
            {
                _born[name] = true;
                _battery.Skip();
            }
        }

        Groups = groups;
        Begun(plan, says);
        if (Births is var (born, all) && born < all)
            Born(born, all);
        Completed(plan, Sum(plan));
        Plan = plan;
    }

    /// <inheritdoc />
    public abstract void Report(TrainingProgress value);

    /// <inheritdoc />
    public void Happened(string instance, string faculty, Event happened)
    {
        if (Plan is not { } plan)
            return;
        Count(instance, happened);
        if (happened is Probed or Stored)
            Bear(instance);
        else if (happened is InstanceAdvanced advanced)
            Bear(advanced.Instance);
        foreach (var line in happened is Probed first ? _battery.Of(plan, first) : [])
            Say(line);
        switch (happened)
        {
            case Stored stored:
                _closed[instance] = stored.Cycle;
                Completed(plan, Sum(plan));
                break;
            case Probed probed when plan.Origin is ModelOrigin.Hosted: // many calls, which may take minutes
                Say($"{instance} has answered the probes of generation {probed.Generation}");
                break;
            case BudgetSet { Budget: var budget }:
                Say(SpendingWords.Of(budget) is { } bound ? $"new budget: {bound}" : "the budget was removed");
                break;
            case InstanceParked parked:
                Say($"{parked.Instance} is parked: {parked.Reason}");
                break;
            case ParameterLeftOut left:
                Say($"the model's server refuses {left.Parameter}: {CallWords.Of(left)}");
                break;
            case IndexFailed failed:
                Say(IndexWords.Of(failed, plan.Index?.Waits == true));
                break;
            case ServerIdentified server when plan.Origin is ModelOrigin.Hosted:
                Say($"{server.Model} is answered by {ServerWords.Of(server)}");
                break;
            case GenerationFailed failed:
                Say($"{instance} cycle {failed.Cycle}, attempt {failed.Attempt}: no answer: {failed.Error}");
                break;
            case Submitted submitted:
                Say($"{instance} round {submitted.Round}: submitted training job {submitted.Key}; the trainer's id is {submitted.Job}");
                break;
            case SubmissionUnclear unclear:
                Say(
                    $"{instance} round {unclear.Round}: unknown whether training job {unclear.Key} was created; searching for "
                        + $"it: {unclear.Error}"
                );
                break;
            case SubmissionRefused refused:
                Say($"{instance} round {refused.Round}: the trainer created no job: {refused.Error}");
                break;
            case AskingFailed asked:
                Say($"{instance} round {asked.Round}, attempt {asked.Try}: the trainer did not answer: {asked.Error}");
                break;
            case LostTrack lost:
                Say($"{instance} round {lost.Round}: {lost.Why}");
                break;
            case GateUnchecked open:
                Say($"{instance} round {open.Round}: {string.Join("; ", open.Bounds)}");
                break;
            case Failed failed:
                Say($"{instance} round {failed.Round}: the training failed: {failed.Error}");
                break;
        }
    }

    /// <inheritdoc />
    public void Refused(string instance, string faculty, Command command, string why) =>
        Say($"{instance}/{faculty} refused {command.GetType().Name}: {why}");

    /// <inheritdoc />
    public void Restarting(string instance, Exception failure, int attempt, TimeSpan pause) =>
        Say($"{instance} failed ({failure.Message}); restart {attempt} in {pause.TotalSeconds:0.#} s");

    /// <summary>
    /// Whether this process is one node of several, which sees only the experiences of its own instances.
    /// </summary>
    public bool IsOneOfSeveral { get; init; }

    /// <summary>The plan, once it is known.</summary>
    protected RunPlan? Plan { get; private set; }

    /// <summary>The displayed instances, in groups: those of a variant, or forks.</summary>
    protected ImmutableArray<InstanceGroup> Groups { get; private set; } = [];

    /// <summary>Called before the instances start.</summary>
    protected abstract void Begun(RunPlan plan, string says);

    /// <summary>
    /// Called before the instances start if some of them are not born yet, and with each birth: an instance is born
    /// once it has answered its first probes.
    /// </summary>
    protected abstract void Born(int born, int all);

    /// <summary>Called with the number of completed experiences, by group.</summary>
    protected abstract void Completed(RunPlan plan, IReadOnlyDictionary<string, int> byGroup);

    /// <summary>Reports an event or a problem in one line.</summary>
    protected abstract void Say(string line);

    /// <summary>Failed calls of this process so far, in words; empty if there are none.</summary>
    protected string Failures
    {
        get
        {
            lock (_calls)
                return string.Join(", ", _calls.WithFailures.Select(k => CallWords.Of(k.Kind, k.Count)));
        }
    }

    // The first failure of a kind is shown in full; of the others their number.
    private void Count(string instance, Event happened)
    {
        bool isFirst;
        lock (_calls)
            isFirst = _calls.Add(happened) is { } kind && _calls.Of(kind).Failed == 1;
        var (what, error) = happened switch
        {
            ReflectorGenerationFailed f => ($"cycle {f.Cycle}, attempt {f.Attempt}: no {f.What}", f.Error),
            CuratorJudgingFailed f => ($"cycle {f.Cycle}, sample {f.Sample}, attempt {f.Attempt}: no rating", f.Error),
            CuratorEmbeddingFailed f => ($"cycle {f.Cycle}, attempt {f.Attempt}: no embedding", f.Error),
            MemorySearchFailed f => ($"attempt {f.Attempt}: no recall", f.Error),
            ProbingFailed f => ($"generation {f.Generation}, attempt {f.Attempt}: no answers to the probes", f.Error),
            _ => ("", ""), // shown each time
        };
        if (isFirst && what.Length > 0)
            Say($"{instance} {what}: {error} (further failures of this kind are counted)");
    }

    // The shown instances that are born, and all of them.
    private (int Born, int All) Births => (Groups.Sum(g => g.Instances.Count(_born.ContainsKey)), Groups.Sum(g => g.Instances.Length));

    private void Bear(string instance)
    {
        if (_born.TryAdd(instance, value: true) && Births is var (born, all))
            Born(born, all);
    }

    // Unplanned input does not count as progress beyond its end.
    private Dictionary<string, int> Sum(RunPlan plan) =>
        Groups.ToDictionary(
            g => g.Name,
            g => g.Instances.Sum(l => Math.Min(plan.Cycles, _closed.GetValueOrDefault(l))),
            StringComparer.Ordinal
        );

    private sealed class RunBars(ProgressContext context) : RunDisplay
    {
        private readonly ConcurrentDictionary<string, ProgressTask> _bars = new(StringComparer.Ordinal);
        private ProgressTask? _base,
            _births;

        public override void Report(TrainingProgress value)
        {
            _base ??= context.AddTask("base model (first use)", maxValue: value.Steps);
            _base.Value = value.Step;
            _base.Description = $"base model (first use), loss {value.Loss:0.00}";
        }

        protected override void Begun(RunPlan plan, string says)
        {
            foreach (var (name, instances) in Groups)
                _bars[name] = context.AddTask(
                    Markup.Escape($"{name} x {instances.Length}{(IsOneOfSeveral ? " (this node)" : "")}"),
                    maxValue: plan.Cycles * instances.Length
                );
        }

        protected override void Born(int born, int all)
        {
            _births ??= context.AddTask("generation 0 (first probes)", maxValue: all);
            _births.Value = born;
            _births.Description = $"generation 0: {born} of {all} have answered the probes";
        }

        protected override void Completed(RunPlan plan, IReadOnlyDictionary<string, int> byGroup)
        {
            foreach (var (name, completed) in byGroup)
                _bars[name].Value = completed;
        }

        protected override void Say(string line) => TerminalWriter.Error.WriteLine(line);
    }

    /// <summary>Plain lines.</summary>
    internal sealed class RunLines(TextWriter errors) : RunDisplay
    {
        private readonly Lock _lock = new();
        private int _tenths = -1,
            _quarters = -1;

        public override void Report(TrainingProgress value) =>
            SayAtTenths(value.Step, value.Steps, () =>
                $"base model: {100L * value.Step / value.Steps}% trained, loss {value.Loss:0.00} nats per token"
            );

        protected override void Begun(RunPlan plan, string says)
        {
            _tenths = -1;
            Say(says);
        }

        protected override void Born(int born, int all)
        {
            var quarters = 4 * born / all;
            lock (_lock)
            {
                if (quarters <= _quarters)
                    return;
                _quarters = quarters;
                Say(
                    $"{(IsOneOfSeveral ? "this node: " : "")}generation 0: {Lines.Count(born)} of {Lines.Count(all, "instance")} "
                        + $"{(born == 1 ? "has" : "have")} answered the first probes"
                );
            }
        }

        protected override void Completed(RunPlan plan, IReadOnlyDictionary<string, int> byGroup)
        {
            var (completed, all) = (byGroup.Values.Sum(), plan.Cycles * Groups.Sum(g => g.Instances.Length));
            SayAtTenths(completed, all, () =>
                (
                    IsOneOfSeveral
                        ? $"this node: {Lines.Count(completed)} of {Lines.Count(all)} experiences: "
                        : $"{100L * completed / all}% of the experiences: "
                )
                + string.Join(", ", byGroup.OrderBy(v => v.Key, StringComparer.Ordinal).Select(v => $"{v.Key} {Lines.Count(v.Value)}"))
                + (Failures is { Length: > 0 } failures ? $"; {failures}" : "")
            );
        }

        protected override void Say(string line) => errors.WriteLine(line);

        // Instances run in parallel; the lock keeps the lines in order.
        private void SayAtTenths(long done, long all, Func<string> line)
        {
            var tenths = (int)(10 * done / Math.Max(1, all));
            lock (_lock)
            {
                if (tenths <= _tenths)
                    return;
                _tenths = tenths;
                if (tenths > 0)
                    Say(line());
            }
        }
    }
}
