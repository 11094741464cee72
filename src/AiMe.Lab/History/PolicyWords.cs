using System.Collections.Immutable;
using System.Diagnostics;
using System.Globalization;
using AiMe.Faculties;
using AiMe.Faculties.Curation;
using AiMe.Faculties.Trainer;

namespace AiMe.Lab.History;

/// <summary>What a variant keeps and how it learns, in words.</summary>
public static class PolicyWords
{
    /// <summary>What is kept, such as <c>leaves out ...; of the rest keeps ...</c>; without a full stop.</summary>
    public static string Keeping(ImmutableArray<Rule> policy) =>
        policy switch
        {
            [] or [KeepAll, ..] => "keeps everything",
            [KeepNone, ..] => "keeps nothing",
            _ => string.Join("; ", policy.Select(Of)),
        };

    /// <summary>How it learns from what it kept; without a full stop.</summary>
    /// <param name="every">Experiences in a round.</param>
    public static string Learning(TrainerSettings trainer, int every) =>
        trainer.Train
            ? Text(
                $"after every {every} experiences {Method(trainer.Method)}{Epochs(trainer.Epochs)} over {Data(trainer)}{Anchor(trainer)}, from {(trainer.Start == StartFrom.Base ? "the base model" : "the champion")} on; {Gate(trainer.Gate)}"
            )
            : "never learns: the control arm";

    private static string Of(Rule rule) =>
        rule switch
        {
            KeepAll => "keeps what is left",
            KeepNone => "keeps nothing of what is left",
            RandomShare r => Text($"keeps {r.P:0.##%} by lot, whatever was said"),
            Dedupe d => Text($"leaves out what is as close as {d.Similarity} to an answer already kept"),
            Minimum m => Text($"leaves out what has less than {m.AtLeast} in {m.Score.Text()}"),
            Top t => Text($"keeps the best {t.Fraction:0.##%} by {t.Score.Text()} of the last {t.Window}"),
            NoveltyBand n => Text($"leaves out what is less novel than {n.Min} or more than {n.Max}"),
            _ => throw new UnreachableException($"no words for the rule {rule.GetType().Name}"),
        };

    /// <summary>What is trained, with a colon behind it; nothing for all weights.</summary>
    private static string Method(TrainingMethod? method) => method is null ? "" : $"{MethodOf(method)}: ";

    /// <summary>What of the embedded model is trained.</summary>
    public static string MethodOf(TrainingMethod? method) =>
        method switch
        {
            null => "all weights",
            TrainingMethod.Lora l => Text($"an adapter of rank {l.Rank}, alpha {l.Alpha}"),
            TrainingMethod.Dpo d => Text($"preferences by an adapter of rank {d.Rank}, alpha {d.Alpha}, beta {d.Beta}"),
            _ => throw new UnreachableException(),
        };

    private static string Epochs(int epochs) => epochs == 1 ? "one pass" : $"{epochs} passes";

    private static string Data(TrainerSettings trainer) =>
        trainer.Data switch
        {
            DataRegime.Replace => "what it kept in the last round",
            DataRegime.Accumulate => "all that it has kept",
            DataRegime.Window => $"what it kept in the last {trainer.Window} rounds",
            _ => throw new UnreachableException(),
        };

    private static string Anchor(TrainerSettings trainer) =>
        trainer.Anchor == 0 ? "" : Text($" with {trainer.Anchor:0.##%} of anchor text");

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
        return set.Length == 0 ? "every candidate is promoted" : $"a candidate is promoted where {string.Join(", ", set)}";
    }

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
