using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using AiMe.Effects;
using AiMe.Faculties;
using AiMe.Faculties.Curation;
using AiMe.Faculties.Curator;
using AiMe.Faculties.Memory;
using AiMe.Faculties.Reflector;
using AiMe.Faculties.Self;
using AiMe.Faculties.Trainer;
using AiMe.Lab.Experiments.Readers;

namespace AiMe.Lab.History;

/// <summary>The text of an event: a heading, a label, and one or more lines.</summary>
/// <param name="Heading">Starts a section (a birth, a cycle, a round's end), or null within one.</param>
/// <param name="Label">One or two words, such as <c>answers</c>.</param>
public sealed record EventPhrase(string? Heading, string Label, ImmutableArray<string> Lines);

/// <summary>
/// Renders events as text: stimulus, recalled memories, answer, reflection, verdict with reasons, training, probes.
/// </summary>
public static class EventText
{
    /// <summary>The text of an event.</summary>
    [SuppressMessage("Design", "MA0051:Method is too long", Justification = "A table: one case an event.")]
    public static EventPhrase Tell(InstanceEvent e) =>
        e.Happened switch
        {
            SelfBegan b => Moment(
                $"{b.Spec.Name} is born",
                "charter",
                b.Spec.Charter.Stem,
                $"policy: {PolicyOf(b.Spec)}; model {b.Spec.Base.Short}; seed {b.Spec.Seed}"
            ),
            MemoryBegan b => Line("memory", $"recalls {b.Settings.Recall}, holds {b.Settings.Capacity}"),
            ReflectorBegan b => Line("reflector", $"goals: {string.Join("; ", b.Charter.Goals)}"),
            CuratorBegan b => Line("curator", $"{b.Policy.Length} {(b.Policy.Length == 1 ? "rule" : "rules")}"),
            TrainerBegan b => Line(
                "trainer",
                b.Settings.Train
                    ? $"trains on kept experiences ({TrainReader.Text(b.Settings.Data, b.Settings.Window)}, "
                        + $"{b.Settings.Anchor:0%} anchor data)"
                    : "never trains: the control arm"
            ),

            Heard h => Moment(
                $"cycle {h.Cycle}, {h.At.ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture)}",
                h.Stimulus.Internal ? "asks itself" : "receives",
                h.Stimulus.Text
            ),
            ExperienceGiven { Given.Untrained: true } => Line("is given", "the answer and the reflection, not to be trained on"),
            ExperienceGiven => Line("is given", "the answer and the reflection"),
            Withdrew w => Line("does not answer", w.Reason),
            RoundCalled r => Line("is asked", "to end the round here"),
            ModelCalled m => Line("is asked", $"to use {m.Model.Short}, by {m.By}: {m.Why}"),
            ModelChanged m => Line("model", $"uses {m.Model.Short} from here on"),
            PolicyCalled p => Line("scheduled", $"another policy: it {PolicyWords.Keeping(p.Policy)}"),
            PolicyChanged => Line("policy", "changed as scheduled"),
            TriedAgain t => Line("tries again", t.Revival == 1 ? "" : Text($"attempt {t.Revival}")),
            Forked f => Moment($"{f.Name} branches off from {f.Parent}", "shares", Text($"the first {f.Index} events")),
            MemoryChanged c => Line("memory", $"recalls {c.Settings.Recall}, holds {c.Settings.Capacity}, as the memory of {c.Instance}"),
            ReflectorChanged c => Line(
                "reflector",
                Text($"from here on an insight threshold of {c.Settings.InsightThreshold}, seed {c.Seed}")
            ),
            CuratorChanged c => Line("curator", $"from here on it {PolicyWords.Keeping(c.Policy)}"),
            TrainerChanged c => Line(
                "trainer",
                c.Settings.Train
                    ? $"from here on it trains differently ({TrainReader.Text(c.Settings.Data, c.Settings.Window)}, "
                        + $"{c.Settings.Anchor:0%} anchor data), seed {c.Seed}"
                    : "from here on it never trains"
            ),
            Recalled r => Line("recalls", Hits(r)),
            SelfModelRevised r => Line("self-model", r.Text, $"because of {r.Because}"),
            Prompted p => Line(
                "is prompted",
                string.Join(" + ", p.Prompt.Parts.Select(x => x.From is { } from ? $"recalled {from}" : Word(x.Kind)))
            ),
            Answered a => Line(
                "answers",
                AnswerWords.Of(a.Candidates[a.Chosen].Text),
                Others(a),
                a.LeftOut.IsDefaultOrEmpty ? "" : AnswerWords.LeftOut(a.LeftOut.Length),
                Reasoned(a.Candidates[a.Chosen].Reasoning)
            ),
            GenerationFailed f => Line("no answer", $"attempt {f.Attempt}: {f.Error}"),

            Reflected r => Line(
                "reflects",
                r.Reflection.Text.Length > 0 ? r.Reflection.Text : "(nothing)",
                Text($"alignment {r.Reflection.Alignment:0.00}, quality {r.Reflection.Quality:0.00}, ")
                    + Text($"importance {r.Reflection.Importance:0.0} of 10"),
                Reasoned(r.Reasoning)
            ),
            InsightFormed { Insight: { } i } f => Line(
                "understands",
                i.Statement,
                $"{i.Id}, from {string.Join(", ", i.Evidence)}",
                Reasoned(f.Reasoning)
            ),
            InsightFormed => Line("understands", "(nothing)"),
            ReflectorGenerationFailed f => Line($"no {f.What}", $"attempt {f.Attempt}: {f.Error}"),
            Judged j => Line(
                Verdict(j.Judgement.Verdict),
                [
                    .. j.Judgement.Columns.Select(c =>
                        $"{c.Rule}: {c.Reason}{(c.Vote == Vote.Pass ? "" : $" -> {c.Vote.ToString().ToLowerInvariant()}")}"
                    ),
                ]
            ),
            Rated r => Line($"{r.Judge[..r.Judge.LastIndexOf('-')]} rates", JudgeWords.Of(r.Answer), Text($"sample {r.Sample}")),
            CuratorJudgingFailed f => Line("not rated", $"sample {f.Sample}, attempt {f.Attempt}: {f.Error}"),
            CuratorEmbeddingFailed f => Line("not embedded", $"attempt {f.Attempt}: {f.Error}"),
            MemorySearchFailed f => Line("recall failed", $"attempt {f.Attempt}: {f.Error}"),
            InsightStored i => Line("remembers", $"insight {i.Insight.Id}"),
            RoundEnded r => Line(
                "ends the round",
                Text($"round {r.Round}, after {r.Lived} {(r.Lived == 1 ? "experience" : "experiences")}")
            ),
            BatchDrawn b => Line("draws", Text($"{b.Ids.Length} of the held experiences of round {b.Round}"), string.Join(", ", b.Ids)),
            HeldReviewed r => Line(
                "is reviewed",
                Text($"round {r.Round}: {r.Kept.Length} kept, {r.Rejected.Length} rejected by people")
                    + (r.LeftOut.IsEmpty ? "" : Text($", {r.LeftOut.Length} left out without a verdict"))
            ),
            HeldSettled h => Line("settles", [.. h.Settled.SelectMany(ReviewWords.Of)]),
            Stored s => Line("remembers", $"{s.Id}, round {s.Round}, topic {s.Topic}"),
            Forgot f => Line("forgets", string.Join(", ", f.Ids)),

            Sealed s => Moment(
                $"round {s.Round} ends",
                "sealed",
                $"{s.Kept.Length} kept: {string.Join(", ", s.Kept)}",
                Many(s.AnchorCount, "anchor example")
            ),
            Planned p => Line(
                "plans",
                Text($"training from {p.Plan.Start.Short} on {Many(p.Plan.Parts.Length, "part")}, {PolicyWords.LengthOf(p.Plan)} at ")
                    + Text($"{p.Plan.LearningRate}{(p.Plan.Method is { } m ? $", {PolicyWords.MethodOf(m)}" : "")}")
            ),
            SubmissionIntended s => Line("submits", Text($"training job {s.Key}, attempt {s.Attempt}, on {s.Data}")),
            Submitted s => Line("has a job", $"{s.Key} is {s.Job} at the trainer"),
            SubmissionRefused s => Line("is refused", $"no job was made: {s.Error}"),
            SubmissionUnclear s => Line("has no answer", $"it is unknown whether {s.Key} was made, so it is searched for: {s.Error}"),
            NotSubmitted s => Line("has no job", Text($"attempt {s.Attempt} at {s.Key} made none, and can no longer make one")),
            AskingFailed f => Line("no response", $"from the trainer, attempt {f.Try}: {f.Error}"),
            Disowned d => Line("leaves the job", $"{d.Key} to its parent, and makes its own"),
            LostTrack l => Line("training is lost", l.Why),
            Skipped s => Moment($"round {s.Round} ends", "no training", s.Why),
            Trained { Figures.Steps: TrainingFigures.NotTold } t => Line(
                "is trained",
                Text($"{Many(t.Figures.Examples, "example")}{Tokens(t.Figures)}") + $"; candidate {t.Candidate.Short}"
            ),
            Trained t => Line(
                "trains",
                Text($"{Many(t.Figures.Examples, t.Figures.OfPairs ? "pair" : "example")}{Passes(t.Figures)}, ")
                    + Text($"{Many(t.Figures.Steps, "step")}: loss ")
                    + Text($"{t.Figures.FirstLoss:0.000} -> {t.Figures.LastLoss:0.000} nats per {(t.Figures.OfPairs ? "pair" : "token")}")
                    + $"; candidate {t.Candidate.Short}"
            ),
            Failed f => Line("training failed", f.Error),
            GateUnchecked u => Line("is not checked", [.. u.Bounds]),
            Promoted p => Line("promoted", Figures(p.Figures)),
            Appointed a => Line("champion set", $"{a.Model.Short} in place of {a.Replaced.Short}, by {a.By}: {a.Why}"),
            RolledBack r => Line("rolled back", [.. r.Reasons, Figures(r.Figures)]),
            Adopted { Outcome: RoundOutcome.Born } a => Line("model", $"generation 0 is {a.Model.Short}"),
            Adopted a => Line("model", $"generation {a.Generation} uses {a.Model.Short}"),
            ProbingFailed f => Line("is not probed", $"attempt {f.Attempt}: {f.Error}"),
            Probed p => Line(
                "is probed",
                [
                    .. p.Results.Open.SelectMany(o => new[] { $"{o.Probe}: {o.Text}", Reasoned(o.Reasoning) }),
                    .. Unanswered(p.Results),
                    HeldOut(p.Results.HeldOut),
                    .. OfDistribution(p.Results.Measures),
                ]
            ),
            _ => throw new System.Diagnostics.UnreachableException($"no text for {e.Manifest}"),
        };

    private static string HeldOut(double nats) =>
        double.IsNaN(nats)
            ? "held-out cross-entropy is unknown for this provider"
            : Text($"held-out cross-entropy {nats:0.000} nats per token");

    private static IEnumerable<string> OfDistribution(ModelMeasures? measures) =>
        measures is { MeanError: { } error, Diversity: { } diversity }
            ? [Text($"squared error of the mean {error:0.0000}, diversity {diversity:0.0000}")]
            : [];

    // Only shown if some questions have no answer, because the figures then rest on fewer answers.
    private static IEnumerable<string> Unanswered(ProbeResults results)
    {
        foreach (var (who, choices) in new[] { ("the bare model", results.Bare), ("the agent", results.Agent) })
        {
            if (Identity.Answered(choices) is var (known, asked) && known < asked)
                yield return $"{who} named an option in {known} of {asked} questions";
        }
    }

    private static EventPhrase Moment(string heading, string label, params ReadOnlySpan<string> lines) => new(heading, label, [.. lines]);

    private static EventPhrase Line(string label, params ReadOnlySpan<string> lines)
    {
        ImmutableArray<string> told = [.. lines];
        return new(null, label, told.RemoveAll(l => l.Length == 0));
    }

    private static string Passes(TrainingFigures figures) =>
        figures.Passes is { } passes ? $", {PolicyWords.PassesOf(passes, figures.OfPairs)}" : "";

    private static string Tokens(TrainingFigures figures) =>
        figures.Tokens == TrainingFigures.NotTold ? "" : Text($", {figures.Tokens} tokens");

    private static string Many(int n, string one) => Text($"{n} {one}{(n == 1 ? "" : "s")}");

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);

    private static string[] Hits(Recalled r)
    {
        if (!r.For.Touches)
            return [$"for {r.Hits.Length} probes"];
        return r.Hits[0].IsEmpty
            ? ["nothing"]
            :
            [
                .. r.Hits[0]
                    .Select(h =>
                        Text($"{h.Id}: {h.Text}  ({h.Score:0.00} = recency {h.Recency:0.00} + ")
                        + Text($"importance {h.Importance:0.00} + relevance {h.Relevance:0.00}, weighted)")
                    ),
            ];
    }

    // Empty lines are left out.
    private static string Reasoned(string? reasoning) => reasoning is null ? "" : $"(reasoning, not remembered: {reasoning})";

    private static string Others(Answered a) => a.Candidates.Length == 1 ? "" : $"(candidate {a.Chosen + 1} of {a.Candidates.Length})";

    private static string Verdict(Verdict verdict) =>
        verdict switch
        {
            Faculties.Verdict.Keep => "is kept",
            Faculties.Verdict.Reject => "is rejected",
            Faculties.Verdict.Hold => "is held",
            _ => throw new System.Diagnostics.UnreachableException(),
        };

    private static string Figures(GateFigures f) =>
        double.IsNaN(f.HeldOutBase)
            ? Text($"drift {f.Drift:0.000} bits, repeats {f.Repeats:0%}; cross-entropies are unknown for this provider")
            : Text($"held-out {f.HeldOutBase:0.000} -> {f.HeldOut:0.000}, anchor {f.AnchorBase:0.000} -> {f.Anchor:0.000} nats per token, ")
                + Text($"drift {f.Drift:0.000} bits, repeats {f.Repeats:0%}");

    private static string PolicyOf(InstanceSpec spec) =>
        spec.Trainer.Train ? string.Join(", ", spec.Curate.Select(r => r.ToString())) : "never trained";

    private static string Word(PartKind kind) =>
        kind switch
        {
            PartKind.SelfModel => "self-model",
            _ => kind.ToString().ToLowerInvariant(),
        };
}
