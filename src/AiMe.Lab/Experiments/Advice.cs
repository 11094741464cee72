using System.Collections.Immutable;
using AiMe.Mind;
using AiMe.Nano;

namespace AiMe.Lab;

/// <summary>What can run and is surely not what was meant. It is for <c>validate</c> to tell; a run says nothing of it.</summary>
internal static class Advice
{
    public static ImmutableArray<Problem> Of(Experiment experiment, Mapping root)
    {
        Problems problems = new();
        void Say(string text, params ReadOnlySpan<string> path) => problems.Warn(PlaceOf(root, path), string.Join('.', path), text);

        var plan = experiment.Plan(default, origin: null);
        OfReplicates(experiment, Say);
        if (plan.Rounds > 0 && plan.Cycles % plan.Every is > 0 and var rest)
            Say($"an instance lives {plan.Cycles} experiences in rounds of {plan.Every}: the last {rest} belong to no round, and nothing learns from them", "train", "every");
        if (experiment.InternalEvery > experiment.Stimuli.Length)
            Say($"there are {experiment.Stimuli.Length} stimuli, so that an instance never asks itself anything", "stimuli", "internal-every");
        foreach (var (i, variant) in experiment.Variants.Index())
        {
            OfVariant(experiment, plan.Rounds, variant, (text, section, key) => Say(text, Where(root, variant.Name, section, key)));
            if (experiment.Variants.Take(i).FirstOrDefault(other => Same(other, variant)) is { } same)
                Say($"it says the same as {same.Name}: what differs is the lot alone", "variants", variant.Name);
        }

        return problems.All;
    }

    private delegate void Saying(string text, params ReadOnlySpan<string> path);

    private static void OfReplicates(Experiment experiment, Saying say)
    {
        var trained = experiment.Variants.Count(v => v.Trainer.Train);
        if (experiment.Replicates == 1)
            say("one life of each variant is an anecdote: there is no interval, and nothing can be tested", "replicates");
        else if (trained > 1 && PairSummary.PairsNeeded(trained * (trained - 1) / 2) is { } needed && experiment.Replicates < needed)
            say($"with {experiment.Replicates} replicates no difference between the {trained} trained variants can be significant, whatever its size; at least {needed} are needed", "replicates");
    }

    private static void OfVariant(Experiment experiment, int rounds, VariantPlan variant, Action<string, string, string> say)
    {
        var (self, memory, trainer) = (variant.Self, variant.Memory, variant.Trainer);
        if (self is { Candidates: > 1, Pick: null })
            say($"{self.Candidates} candidates are sampled and the first is always given; pick by a score, or sample one", "generate", "candidates");
        else if (self is { Candidates: > 1, Sampling: { Temperature: 0 } or { TopK: 1 } })
            say($"the {self.Candidates} candidates are all the same: only the likeliest tokens can be sampled", "generate", "candidates");
        else if (self is { Candidates: 1, Pick: not null })
            say("there is one candidate, so that there is nothing to pick from", "generate", "pick");
        if (experiment.Model is NanoModel nano && self.Sampling.MaxTokens >= NanoConfig.Preset(nano.Preset).Context)
            say($"the embedded model reads {NanoConfig.Preset(nano.Preset).Context} tokens in all, its prompt included", "generate", "max-tokens");
        if (memory.Recall > memory.Capacity)
            say($"it holds {memory.Capacity} memories and recalls {memory.Recall}", "memory", "recall");
        if (!trainer.Train)
            return;
        if (trainer.Data == DataRegime.Window && trainer.Window > 1 && trainer.Window >= rounds && rounds > 0)
            say($"a life has {rounds} {(rounds == 1 ? "round" : "rounds")}, so that a window of {trainer.Window} is the same as accumulate", "train", "data");
        if (variant.Curate is [KeepNone, ..])
            say("it keeps nothing, so that it is never trained; train: none says so", "curate", "");
        else if (variant.Curate.Any(r => r is Minimum { Score: ScoreName.Correctness } or Top { Score: ScoreName.Correctness }) && experiment.Stimuli.All(s => s.Check is null))
            say("correctness is measured where a stimulus has a check, and none has: nothing is kept", "curate", "");
    }

    private static bool Same(VariantPlan a, VariantPlan b) => a with { Name = "", Curate = [] } == b with { Name = "", Curate = [] } && a.Curate.SequenceEqual(b.Curate);

    // The variant's own key where it gives it, else the experiment's.
    private static string[] Where(Mapping root, string variant, string section, string key)
    {
        string[] path = key.Length > 0 ? [section, key] : [section];
        return Find(root, ["variants", variant, .. path]) is not null || Find(root, path) is null ? ["variants", variant, .. path] : path;
    }

    // Of a path of keys as much as is there.
    private static Place PlaceOf(Mapping root, ReadOnlySpan<string> path)
    {
        while (!path.IsEmpty && Find(root, path) is null)
            path = path[..^1];
        return path.IsEmpty ? root.At : Find(root, path)!.At;
    }

    private static Node? Find(Node? node, ReadOnlySpan<string> path)
    {
        foreach (var key in path)
            node = (node as Mapping)?.Entries.FirstOrDefault(e => e.Key == key)?.Value;
        return node;
    }
}
