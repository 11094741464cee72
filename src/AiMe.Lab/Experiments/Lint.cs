using System.Collections.Immutable;
using AiMe.Faculties;
using AiMe.Faculties.Curation;
using AiMe.Faculties.Supervisor;
using AiMe.Faculties.Trainer;
using AiMe.Lab.Analysis.Comparison;
using AiMe.Lab.Experiments.Matrices;
using AiMe.Lab.Experiments.Yaml;
using AiMe.Lab.Runs;
using AiMe.Models.Commands;
using AiMe.Models.OpenAi;
using AiMe.Nano;

namespace AiMe.Lab.Experiments;

/// <summary>
/// Settings that can run but are surely a mistake, and notes of what is not used. <c>validate</c> and <c>run
/// --dry-run</c> print them; a run does not.
/// </summary>
internal static class Lint
{
    public static ImmutableArray<Problem> Of(Experiment experiment, MappingNode root)
    {
        Problems problems = new();
        void Say(string text, params ReadOnlySpan<string> path) => problems.Warn(PlaceOf(root, path), string.Join('.', path), text);

        var plan = experiment.Plan(default, origin: null);
        UnusedInput.Of(experiment, root, (text, path) => problems.Note(PlaceOf(root, path), string.Join('.', path), text));
        AnalysisLint.Of(experiment, (text, path) => problems.Note(PlaceOf(root, path), string.Join('.', path), text));
        OfReplicates(experiment, Say);
        JobLint.OfIdentity(experiment, (text, key) => Say(text, "identity", key));
        if (experiment.Model.Embedder == EmbedderAssembly.MiniLm && !EmbedderAssembly.IsThere)
            Say(EmbedderAssembly.Missing, "embedder");
        if (experiment.Model is OpenAiModel hosted && OpenAiAddress.Fault(hosted.BaseUrl) is { } fault)
            Say(fault, "model", "base-url");
        if (plan.Rounds > 0 && plan.Cycles % plan.Every is > 0 and var rest)
            Say(
                $"an instance has {plan.Cycles} experiences in rounds of {plan.Every}: the last {rest} belong to no "
                    + "round and are never trained on",
                "train",
                "every"
            );
        if (experiment.InternalEvery > experiment.Stimuli.Length)
            Say($"there are {experiment.Stimuli.Length} stimuli, so no internal drive ever occurs", "stimuli", "internal-every");
        var listed = experiment.Variants.Length - ((Find(root, ["variants"]) as MappingNode)?.Entries.Length ?? 0);
        foreach (var (i, variant) in experiment.Variants.Index())
        {
            OfVariant(experiment, plan, variant, (text, section, key) => Say(text, Where(root, variant.Name, section, key)));
            if (experiment.Variants.Take(i).FirstOrDefault(other => Same(plan, other, variant)) is { } same)
                Say(
                    $"{(i < listed ? $"{variant.Name}: " : "")}its settings equal those of {same.Name}: the two "
                        + (SeedsOf(variant) == SeedsOf(same) ? "are identical" : "differ only by their seeds"),
                    i < listed ? ["matrix"] : ["variants", variant.Name]
                );
        }

        return problems.All;
    }

    private const double GreatestImportance = 10;

    private delegate void Report(string text, params ReadOnlySpan<string> path);

    private static void OfReplicates(Experiment experiment, Report say)
    {
        var trained = experiment.Variants.Count(Trainable.ByPlan);
        var units = experiment.Plan(default, origin: null).Units;
        if (units.Count == 1)
            say("with one replicate of each variant there is no interval, and no difference can be tested", "replicates");
        else if (
            experiment.Analysis is null
            && trained > 1
            && PairSummary.PairsNeeded(trained * (trained - 1) / 2) is { } needed
            && units.Count < needed
        )
            say(
                $"with {UnitWords.Count(units.Count, units.AreCharters)} no difference between the {trained} trained variants can be "
                    + $"significant, whatever its size; at least {needed} are needed",
                units.AreCharters ? "charters" : "replicates"
            );
    }

    private static void OfVariant(Experiment experiment, RunPlan plan, VariantPlan variant, Action<string, string, string> say)
    {
        var (rounds, trainer) = (plan.Rounds, variant.Trainer);
        OfAnswers(experiment, variant, say);
        OfMemories(variant, plan.Cycles, say);
        foreach (var text in RuleReach.Of(variant.Curate, plan.Cycles))
            say(text, "curate", "");
        foreach (var score in Policy.RulesOf(variant.Curate).Select(ScoreOf).OfType<ScoreName>().Distinct())
        {
            if (WhyUndefined(experiment, plan, score) is { } why)
                say($"{why}: it is undefined, so nothing is kept", "curate", "");
        }

        foreach (var bound in Review.In(variant.Curate)?.When.OfType<ReviewCondition.OfScore>() ?? [])
        {
            if (WhyUndefined(experiment, plan, bound.Score) is { } why)
                say($"{why}: it is undefined, so the condition {bound} holds nothing for review", "curate", "");
        }

        if (variant.Self.Pick is { } pick && WhyUndefined(experiment, plan, pick) is { } unpickable)
            say($"{unpickable}: it is undefined, so the first candidate is always used", "generate", "pick");
        if (!LoopVersion.TakesEmptyAnswers(plan.LoopVersion) && variant.Curate.Any(r => r is AllowEmpty))
            say("allow-empty: under loop-version 1 an answer without text is a failed call, so the rule changes nothing", "curate", "");
        if (!trainer.Train)
            return;
        JobLint.Of(experiment, trainer, say);
        if (trainer.Gate.Drift >= 1)
            say("no drift is above 1 bit, so this bound is never exceeded", "train", "gate");
        if (trainer.Gate.Repeats >= 1)
            say("no share of repeats is above 100%, so this bound is never exceeded", "train", "gate");
        if (Trainable.LacksRivals(variant))
            say(
                "one answer is sampled, so a kept answer has no alternative to be preferred to and the variant is never "
                    + "trained; set generate.candidates",
                "train",
                "method"
            );
        if (trainer.Data == DataRegime.Window && trainer.Window > 1 && trainer.Window >= rounds && rounds > 0)
            say(
                $"an instance has {rounds} {(rounds == 1 ? "round" : "rounds")}, so a window of {trainer.Window} is the same as accumulate",
                "train",
                "data"
            );
        if (Trainable.KeepsNothing(variant))
            say("it keeps nothing, so it is never trained; write train: none instead", "curate", "");
        else if (
            Policy
                .RulesOf(variant.Curate)
                .Any(r =>
                    r
                        is Minimum { Score: ScoreName.Correctness }
                            or Top { Score: ScoreName.Correctness }
                            or Verified { PassesUncheckable: false }
                ) && experiment.Stimuli.All(s => s.Check is null)
        )
            say("correctness needs stimuli with a check, and no stimulus has one: nothing is kept", "curate", "");
    }

    private static ScoreName? ScoreOf(Rule rule) =>
        rule switch
        {
            Minimum m => m.Score,
            Top t => t.Score,
            PerplexityBand p => p.Score,
            _ => null,
        };

    // Why a score is undefined for every answer of a run; null if it is not.
    private static string? WhyUndefined(Experiment experiment, RunPlan plan, ScoreName score) =>
        score switch
        {
            ScoreName.CharterAxis or ScoreName.CurrentPerplexity when !LoopVersion.MeasuresModels(plan.LoopVersion) =>
                $"{score.Text()} is measured from loop-version {LoopVersion.Third} on",
            ScoreName.CharterAxis when experiment.Model is not NanoModel => $"{score.Text()} needs the embedded model",
            _ => null,
        };

    private static void OfAnswers(Experiment experiment, VariantPlan variant, Action<string, string, string> say)
    {
        var self = variant.Self;
        if (self is { Candidates: > 1, Pick: null })
            say(
                $"{self.Candidates} candidates are sampled but the first is always used; pick by a score, or sample one",
                "generate",
                "candidates"
            );
        else if (self is { Candidates: > 1, Sampling: { Temperature: 0 } or { TopK: 1 } })
            say($"the {self.Candidates} candidates are identical: only the most likely token can be sampled", "generate", "candidates");
        else if (self is { Candidates: 1, Pick: not null })
            say("there is only one candidate to pick from", "generate", "pick");
        if (self.Pick == ScoreName.Correctness && experiment.Stimuli.All(s => s.Check is null))
            say("no stimulus has a check, so correctness is undefined and the first candidate is always used", "generate", "pick");
        if (experiment.ModelOf(variant) is NanoModel nano && self.Sampling.MaxTokens >= nano.Shape.Context)
            say(
                $"the embedded model reads {NanoConfig.Preset(nano.Preset).Context} tokens in all, prompt included",
                "generate",
                "max-tokens"
            );
    }

    private static void OfMemories(VariantPlan variant, int cycles, Action<string, string, string> say)
    {
        var memory = variant.Memory;
        if (memory.Recall > memory.Capacity)
            say($"it holds {memory.Capacity} memories and recalls {memory.Recall}", "memory", "recall");
        if (memory is { Recall: > 0, Recency: 0, Importance: 0, Relevance: 0 })
            say(
                "recency, importance and relevance have weight 0, so the newest memories are recalled, whatever they say",
                "memory",
                "recall"
            );
        var threshold = variant.Reflector.InsightThreshold;
        // Only if it is set: the default suits runs of the usual length.
        if (threshold > GreatestImportance * cycles && threshold != Defaults.Reflect.InsightThreshold)
            say(
                $"an instance has {cycles} experiences of importance {GreatestImportance} at most, so no insight is ever formed",
                "reflect",
                "insight-threshold"
            );
    }

    private static bool Same(RunPlan plan, VariantPlan a, VariantPlan b) =>
        a with { Name = "", Curate = [], SeedsOf = null } == b with { Name = "", Curate = [], SeedsOf = null }
        && a.Curate.SequenceEqual(b.Curate)
        && plan.Scheduled.All(s => s.Treats(a.Name) == s.Treats(b.Name));

    private static string SeedsOf(VariantPlan variant) => variant.SeedsOf ?? variant.Name;

    // The variant's own key if it gives one, else the experiment's.
    private static string[] Where(MappingNode root, string variant, string section, string key)
    {
        string[] path = key.Length > 0 ? [section, key] : [section];
        if (MatrixPlace.Of(root, variant, string.Join('.', path)) is { } axis)
            return ["matrix", axis.Key];
        if (Find(root, ["variants", variant]) is null)
            return path;
        return Find(root, ["variants", variant, .. path]) is not null || Find(root, path) is null ? ["variants", variant, .. path] : path;
    }

    // The place of the longest existing prefix of a path.
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
