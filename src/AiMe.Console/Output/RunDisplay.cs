using System.Collections.Concurrent;
using System.Collections.Immutable;
using AiMe.Console.Terminal;
using AiMe.EventSourcing;
using AiMe.Faculties.Memory;
using AiMe.Faculties.Self;
using AiMe.Faculties.Supervisor;
using AiMe.Faculties.Trainer;
using AiMe.Lab.Runs.Spending;
using AiMe.Nano.Training;
using Spectre.Console;

namespace AiMe.Console.Output;

/// <summary>Lives that are shown as one.</summary>
internal sealed record InstanceGroup(string Name, ImmutableArray<string> Instances);

/// <summary>Shows how far a run is: bars on a terminal, plain lines when redirected. Both on standard error.</summary>
internal abstract class RunDisplay : IRuntimeObserver, IProgress<TrainingProgress>
{
    private readonly ConcurrentDictionary<string, int> _closed = new(StringComparer.Ordinal);

    /// <summary>Runs work under a display that suits the terminal.</summary>
    /// <param name="isOneOfSeveral">Whether this process is one node of several.</param>
    public static async Task<T> ShowAsync<T>(Func<RunDisplay, Task<T>> work, bool isOneOfSeveral = false)
    {
        if (!TerminalWriter.Error.Profile.Capabilities.Interactive || System.Console.IsErrorRedirected)
            return await work(new RunLines { IsOneOfSeveral = isOneOfSeveral });
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

    /// <summary>The plan, where it stands in the journal (or that nothing does yet).</summary>
    /// <param name="shard">The share of it that is lived, or null for all.</param>
    public void Begin(RunPlan plan, Shard? shard, IReadOnlyDictionary<string, InstanceProgress> known)
    {
        ImmutableArray<InstanceGroup> groups =
        [
            .. (shard?.InstancesOf(plan) ?? plan.Instances)
                .GroupBy(i => i.Variant.Name, i => RunPlan.NameOf(i.Variant, i.Replicate), StringComparer.Ordinal)
                .Select(g => new InstanceGroup(g.Key, [.. g])),
        ];
        Begin(
            plan,
            known,
            groups,
            $"{plan.Run}: {Lines.Count(plan.Variants.Length, "variant")} x "
                + $"{Lines.Count(plan.Replicates, "replicate")}{(shard is null ? "" : $" (shard {shard}: {groups.Sum(g => g.Instances.Length)} of them)")}, "
                + $"{Lines.Count(plan.Cycles, "experience")} each, {Lines.Count(plan.Rounds, "round")}"
        );
    }

    /// <summary>The same of some lives, such as forks.</summary>
    /// <param name="says">What begins, in one line.</param>
    public void Begin(RunPlan plan, IReadOnlyDictionary<string, InstanceProgress> known, ImmutableArray<InstanceGroup> groups, string says)
    {
        foreach (var (name, instance) in known)
            _closed[name] = instance.Cycle;
        Groups = groups;
        Begun(plan, says);
        Lived(plan, Sum(plan));
        Plan = plan;
    }

    /// <inheritdoc />
    public abstract void Report(TrainingProgress value);

    /// <inheritdoc />
    public void Happened(string instance, string faculty, Event happened)
    {
        if (Plan is not { } plan)
            return;
        switch (happened)
        {
            case Stored stored:
                _closed[instance] = stored.Cycle;
                Lived(plan, Sum(plan));
                break;
            case Probed probed when plan.Origin is ModelOrigin.Hosted: // a sitting is many calls, and may take minutes
                Say($"{instance} has answered the probes of generation {probed.Generation}");
                break;
            case BudgetSet { Budget: var budget }:
                Say(SpendingWords.Of(budget) is { } bound ? $"budget from now on: {bound}" : "no budget from now on");
                break;
            case InstanceParked parked:
                Say($"{parked.Instance} is parked: {parked.Reason}");
                break;
            case GenerationFailed failed:
                Say($"{instance} cycle {failed.Cycle}, attempt {failed.Attempt}: no answer: {failed.Error}");
                break;
            case Submitted submitted:
                Say($"{instance} round {submitted.Round}: the training job {submitted.Key} is {submitted.Job} at the trainer's");
                break;
            case SubmissionUnclear unclear:
                Say(
                    $"{instance} round {unclear.Round}: whether the training job {unclear.Key} was made is not known, so "
                        + $"it is looked for: {unclear.Error}"
                );
                break;
            case SubmissionRefused refused:
                Say($"{instance} round {refused.Round}: no training job was made: {refused.Error}");
                break;
            case AskingFailed asked:
                Say($"{instance} round {asked.Round}, try {asked.Try}: the trainer cannot be asked: {asked.Error}");
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

    /// <summary>Whether this process is one node of several: then it sees only the experiences of the instances that it hosts.</summary>
    public bool IsOneOfSeveral { get; init; }

    /// <summary>The plan, once it is known.</summary>
    protected RunPlan? Plan { get; private set; }

    /// <summary>The lives that are shown, in groups: those of a variant, or forks.</summary>
    protected ImmutableArray<InstanceGroup> Groups { get; private set; } = [];

    /// <summary>Lives are about to begin.</summary>
    protected abstract void Begun(RunPlan plan, string says);

    /// <summary>Experiences lived so far, by group.</summary>
    protected abstract void Lived(RunPlan plan, IReadOnlyDictionary<string, int> byGroup);

    /// <summary>A line of trouble.</summary>
    protected abstract void Say(string line);

    // What was said to a life beside the plan takes it no further than its end.
    private Dictionary<string, int> Sum(RunPlan plan) =>
        Groups.ToDictionary(
            g => g.Name,
            g => g.Instances.Sum(l => Math.Min(plan.Cycles, _closed.GetValueOrDefault(l))),
            StringComparer.Ordinal
        );

    private sealed class RunBars(ProgressContext context) : RunDisplay
    {
        private readonly ConcurrentDictionary<string, ProgressTask> _bars = new(StringComparer.Ordinal);
        private ProgressTask? _birth;

        public override void Report(TrainingProgress value)
        {
            _birth ??= context.AddTask("base model (first use)", maxValue: value.Steps);
            _birth.Value = value.Step;
            _birth.Description = $"base model (first use), loss {value.Loss:0.00}";
        }

        protected override void Begun(RunPlan plan, string says)
        {
            foreach (var (name, instances) in Groups)
                _bars[name] = context.AddTask(
                    Markup.Escape($"{name} x {instances.Length}{(IsOneOfSeveral ? " (this node)" : "")}"),
                    maxValue: plan.Cycles * instances.Length
                );
        }

        protected override void Lived(RunPlan plan, IReadOnlyDictionary<string, int> byGroup)
        {
            foreach (var (name, lived) in byGroup)
                _bars[name].Value = lived;
        }

        protected override void Say(string line) => TerminalWriter.Error.WriteLine(line);
    }

    private sealed class RunLines : RunDisplay
    {
        private readonly Lock _lock = new();
        private int _tenths = -1;

        public override void Report(TrainingProgress value) =>
            SayAtTenths(value.Step, value.Steps, () =>
                $"base model: {100L * value.Step / value.Steps}% trained, loss {value.Loss:0.00} nats per token"
            );

        protected override void Begun(RunPlan plan, string says)
        {
            _tenths = -1;
            Say(says);
        }

        protected override void Lived(RunPlan plan, IReadOnlyDictionary<string, int> byGroup)
        {
            var (lived, all) = (byGroup.Values.Sum(), plan.Cycles * Groups.Sum(g => g.Instances.Length));
            SayAtTenths(lived, all, () =>
                $"{(IsOneOfSeveral ? $"this node: {lived} of {all} experiences" : $"{100L * lived / all}% of the experiences")}: "
                + $"{string.Join(", ", byGroup.OrderBy(v => v.Key, StringComparer.Ordinal).Select(v => $"{v.Key} {v.Value}"))}"
            );
        }

        protected override void Say(string line) => System.Console.Error.WriteLine(line);

        // Lives go on side by side: a line that is passed first is also written first.
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
