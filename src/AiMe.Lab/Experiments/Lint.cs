using System.Collections.Immutable;
using AiMe.Faculties;
using AiMe.Faculties.Curation;
using AiMe.Faculties.Supervisor;
using AiMe.Faculties.Trainer;
using AiMe.Lab.Analysis.Comparison;
using AiMe.Lab.Experiments.Yaml;
using AiMe.Models.Commands;
using AiMe.Nano;

namespace AiMe.Lab.Experiments;

/// <summary>What can run and is surely not what was meant. It is for <c>validate</c> to tell; a run says nothing of it.</summary>
internal static class Lint
{
    public static ImmutableArray<Problem> Of(Experiment experiment, MappingNode root)
    {
        Problems problems = new();
        void Say(string text, params ReadOnlySpan<string> path) => problems.Warn(PlaceOf(root, path), string.Join('.', path), text);

        var plan = experiment.Plan(default, origin: null);
        OfReplicates(experiment, Say);
        if (plan.Rounds > 0 && plan.Cycles % plan.Every is > 0 and var rest)
            Say(
                $"an instance lives {plan.Cycles} experiences in rounds of {plan.Every}: the last {rest} belong to no "
                    + "round, and nothing learns from them",
                "train",
                "every"
            );
        if (experiment.InternalEvery > experiment.Stimuli.Length)
            Say(
                $"there are {experiment.Stimuli.Length} stimuli, so that an instance never asks itself anything",
                "stimuli",
                "internal-every"
            );
        foreach (var (i, variant) in experiment.Variants.Index())
        {
            OfVariant(experiment, plan.Rounds, variant, (text, section, key) => Say(text, Where(root, variant.Name, section, key)));
            if (experiment.Variants.Take(i).FirstOrDefault(other => Same(other, variant)) is { } same)
                Say($"it says the same as {same.Name}: what differs is the lot alone", "variants", variant.Name);
        }

        return problems.All;
    }

    /// <summary>See OpenAI's guide to fine-tuning.</summary>
    private const int FewestExamples = 10;

    private delegate void Saying(string text, params ReadOnlySpan<string> path);

    private static void OfReplicates(Experiment experiment, Saying say)
    {
        var trained = experiment.Variants.Count(Trainable.ByPlan);
        if (experiment.Replicates == 1)
            say("one life of each variant is an anecdote: there is no interval, and nothing can be tested", "replicates");
        else if (trained > 1 && PairSummary.PairsNeeded(trained * (trained - 1) / 2) is { } needed && experiment.Replicates < needed)
            say(
                $"with {experiment.Replicates} replicates no difference between the {trained} trained variants can be "
                    + $"significant, whatever its size; at least {needed} are needed",
                "replicates"
            );
    }

    private static void OfVariant(Experiment experiment, int rounds, VariantPlan variant, Action<string, string, string> say)
    {
        var (self, memory, trainer) = (variant.Self, variant.Memory, variant.Trainer);
        if (self is { Candidates: > 1, Pick: null })
            say(
                $"{self.Candidates} candidates are sampled and the first is always given; pick by a score, or sample one",
                "generate",
                "candidates"
            );
        else if (self is { Candidates: > 1, Sampling: { Temperature: 0 } or { TopK: 1 } })
            say($"the {self.Candidates} candidates are all the same: only the likeliest tokens can be sampled", "generate", "candidates");
        else if (self is { Candidates: 1, Pick: not null })
            say("there is one candidate, so that there is nothing to pick from", "generate", "pick");
        if (experiment.Model is NanoModel nano && self.Sampling.MaxTokens >= NanoConfig.Preset(nano.Preset).Context)
            say(
                $"the embedded model reads {NanoConfig.Preset(nano.Preset).Context} tokens in all, its prompt included",
                "generate",
                "max-tokens"
            );
        if (memory.Recall > memory.Capacity)
            say($"it holds {memory.Capacity} memories and recalls {memory.Recall}", "memory", "recall");
        if (!trainer.Train)
            return;
        OfJobs(experiment, trainer, say);
        if (Trainable.LacksRivals(variant))
            say(
                "one answer is sampled, so that there is nothing that a kept one could be preferred to: it is never "
                    + "trained; set generate.candidates",
                "train",
                "method"
            );
        if (trainer.Data == DataRegime.Window && trainer.Window > 1 && trainer.Window >= rounds && rounds > 0)
            say(
                $"a life has {rounds} {(rounds == 1 ? "round" : "rounds")}, so that a window of {trainer.Window} is the same as accumulate",
                "train",
                "data"
            );
        if (Trainable.KeepsNothing(variant))
            say("it keeps nothing, so that it is never trained; train: none says so", "curate", "");
        else if (
            variant.Curate.Any(r => r is Minimum { Score: ScoreName.Correctness } or Top { Score: ScoreName.Correctness })
            && experiment.Stimuli.All(s => s.Check is null)
        )
            say("correctness is measured where a stimulus has a check, and none has: nothing is kept", "curate", "");
    }

    private static void OfJobs(Experiment experiment, TrainerSettings trainer, Action<string, string, string> say)
    {
        if (
            trainer.Backend is ExternalTraining.OwnCommand { Line: [var program, ..] }
            && ProgramPath.Find(program, Environment.GetEnvironmentVariable) is null
        )
            say(
                $"there is no program '{program}' that can be run "
                    + $"{(program.Contains('/', StringComparison.Ordinal) ? $"from {Environment.CurrentDirectory}" : "on the path")}",
                "train",
                "command"
            );
        if (trainer.Backend is ExternalTraining.FineTuningApi && experiment.Every < FewestExamples)
            say(
                $"a round keeps {experiment.Every} experiences at most, and OpenAI's service takes no training set of "
                    + $"fewer than {FewestExamples} examples",
                "train",
                "every"
            );
        if (trainer.Backend is ExternalTraining.FineTuningApi && experiment.Model is OpenAiModel { BaseUrl: Defaults.BaseUrl })
            say(
                "OpenAI is closing its fine-tuning service: no new users since May 2026, and no new jobs from 6 January "
                    + "2027; other servers keep the API",
                "train",
                "backend"
            );
        if (trainer is { Backend: not null, Gate: { HeldOutRise: not null } or { AnchorRise: not null } })
            say(
                "heldout-rise and anchor-rise cannot be checked under openai, which tells no log-probabilities of given "
                    + "text; a candidate is promoted without them, and its promotion says so",
                "train",
                "gate"
            );
    }

    private static bool Same(VariantPlan a, VariantPlan b) =>
        a with { Name = "", Curate = [] } == b with { Name = "", Curate = [] } && a.Curate.SequenceEqual(b.Curate);

    // The variant's own key where it gives it, else the experiment's.
    private static string[] Where(MappingNode root, string variant, string section, string key)
    {
        string[] path = key.Length > 0 ? [section, key] : [section];
        return Find(root, ["variants", variant, .. path]) is not null || Find(root, path) is null ? ["variants", variant, .. path] : path;
    }

    // Of a path of keys as much as is there.
    private static Place PlaceOf(MappingNode root, ReadOnlySpan<string> path)
    {
        while (!path.IsEmpty && Find(root, path) is null)
            path = path[..^1];
        return path.IsEmpty ? root.At : Find(root, path)!.At;
    }

    private static YamlNode? Find(YamlNode? node, ReadOnlySpan<string> path)
    {
        foreach (var key in path)
            node = (node as MappingNode)?.Entries.FirstOrDefault(e => e.Key == key)?.Value;
        return node;
    }
}
