using System.Collections.Immutable;
using System.Diagnostics;
using System.Globalization;
using AiMe.Faculties;
using AiMe.Faculties.Curation;
using AiMe.Faculties.Trainer;

namespace AiMe.Lab.History;

/// <summary>The curation policy and the training of a variant, in words.</summary>
public static class PolicyWords
{
    /// <summary>
    /// The curation policy, such as <c>leaves out ...; of the rest keeps ...</c>; without a full stop.
    /// </summary>
    public static string Keeping(ImmutableArray<Rule> policy) =>
        policy switch
        {
            [] or [KeepAll, ..] => "keeps everything",
            [KeepNone, ..] => "keeps nothing",
            _ => string.Join("; ", policy.Select(Of)),
        };

    /// <summary>The training; without a full stop.</summary>
    /// <param name="every">Experiences in a round.</param>
    public static string Learning(TrainerSettings trainer, int every) =>
        trainer.Train
            ? $"after every {every} experiences {Method(trainer.Method)}{Length(trainer)} over {Data(trainer)}{Anchor(trainer)}, "
                + $"from {(Start(trainer.Start))}; {Gate(trainer.Gate)}"
            : "never trains: the control arm";

    private static string Of(Rule rule) =>
        rule switch
        {
            KeepAll => "keeps the rest",
            KeepNone => "keeps nothing of the rest",
            RandomShare r => Text($"keeps {r.P:0.##%} at random"),
            Dedupe d => Text($"leaves out answers with a similarity of {d.Similarity} or more to a kept one"),
            Minimum m => Text($"leaves out answers with less than {m.AtLeast} in {m.Score.Text()}"),
            Top t => Text($"keeps the {Places(t)} by {t.Score.Text()} of the last {t.Window}"),
            Matched m => $"draws as many at random, at the end of each round, as the policy of {m.Variant} would keep",
            Review r => $"holds for people: {string.Join(", or ", r.When)}{r.Terms}",
            AllowEmpty => "may keep answers without text",
            PerplexityBand or SelfReferenceBand => $"leaves out answers without {rule}",
            Verified v => $"leaves out answers that are not correct{(v.PassesUncheckable ? "" : " or cannot be checked")}",
            ModelJudge j => Text($"leaves out answers that {j.Model?.Chat ?? "the run's model"} rates below {j.AtLeast} by ")
                + Text($"{j.Rubric.Name} (mean of {j.Samples})"),
            NoveltyBand n => Text($"leaves out answers with a novelty below {n.Min} or above {n.Max}"),
            _ => throw new UnreachableException($"no words for the rule {rule.GetType().Name}"),
        };

    /// <summary>The training method, followed by a colon; empty for all weights.</summary>
    private static string Method(TrainingMethod? method) => method is null ? "" : $"{MethodOf(method)}: ";

    /// <summary>The training method of the embedded model.</summary>
    public static string MethodOf(TrainingMethod? method) =>
        method switch
        {
            null => "all weights",
            TrainingMethod.Lora l => Text($"an adapter of rank {l.Rank}, alpha {l.Alpha}"),
            TrainingMethod.Dpo d => Text($"preferences by an adapter of rank {d.Rank}, alpha {d.Alpha}, beta {d.Beta}")
                + d.Rejected switch
                {
                    RejectedFrom.Birth => " over answers of generation 0",
                    RejectedFrom.Untuned => " over answers of the untuned base model",
                    _ => "",
                },
            _ => throw new UnreachableException(),
        };

    private static string Length(TrainerSettings trainer) =>
        trainer.Budget is { } budget ? Of(budget, trainer.Method)
        : trainer.Epochs == 1 ? "one pass"
        : $"{trainer.Epochs} passes";

    /// <summary>The length of a planned training: <c>4 epochs</c>, or its budget.</summary>
    public static string LengthOf(TrainingPlan plan) =>
        plan.Budget is { } budget ? Of(budget, plan.Method) : Many(plan.Epochs, "epoch", "epochs");

    /// <summary>The example or pair passes of a training, such as <c>60 example passes</c>.</summary>
    public static string PassesOf(long passes, bool ofPairs) =>
        Many(passes, ofPairs ? "pair pass" : "example pass", ofPairs ? "pair passes" : "example passes");

    private static string Of(TrainingBudget budget, TrainingMethod? method) =>
        budget.Unit switch
        {
            BudgetUnit.Steps => Many(budget.Amount, "step", "steps"),
            BudgetUnit.Examples => PassesOf(budget.Amount, ofPairs: method is TrainingMethod.Dpo),
            BudgetUnit.Tokens => Many(budget.Amount, "token", "tokens"),
            _ => throw new UnreachableException(),
        };

    private static string Many(long n, string one, string many) => Text($"{n} {(n == 1 ? one : many)}");

    private static string Data(TrainerSettings trainer) =>
        trainer.Data switch
        {
            DataRegime.Replace => "the experiences kept in the last round",
            DataRegime.Accumulate => "all kept experiences",
            DataRegime.Window => $"the experiences kept in the last {trainer.Window} rounds",
            _ => throw new UnreachableException(),
        };

    private static string Start(StartFrom start) =>
        start switch
        {
            StartFrom.Base => "the base model",
            StartFrom.Untrained => "random weights",
            StartFrom.Continued => "the champion",
            _ => throw new UnreachableException(),
        };

    private static string Anchor(TrainerSettings trainer) =>
        (trainer.Anchor == 0 ? "" : Text($" with {trainer.Anchor:0.##%} of anchor text"))
        + (trainer.RealExamples is { } real ? Text($" and {real:N0} examples of the corpus from the first round on") : "")
        + (trainer.Draw is { } draw ? Text($", of which {draw:N0} are drawn") : "");

    private static string Gate(GateBounds gate)
    {
        string?[] bounds =
        [
            gate.HeldOutRise is { } h ? Text($"held-out cross-entropy rises by at most {h:0.##%}") : null,
            gate.Drift is { } d ? Text($"it drifts by at most {d} bits") : null,
            gate.AnchorRise is { } a ? Text($"cross-entropy on anchor text rises by at most {a:0.##%}") : null,
            gate.Repeats is { } r ? Text($"at most {r:0.##%} of its 4-grams repeat") : null,
        ];
        var set = bounds.OfType<string>().ToArray();
        return set.Length == 0 ? "every candidate is promoted" : $"a candidate is promoted if {string.Join(", ", set)}";
    }

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);

    private static string Places(Top top) =>
        string.Create(CultureInfo.InvariantCulture, $"{(top.Order == RankOrder.Lowest ? "lowest" : "best")} {top.Fraction:0.##%}");
}
