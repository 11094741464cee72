using System.Collections.Immutable;
using System.Diagnostics;
using System.Globalization;
using AiMe.Effects;
using AiMe.Faculties;
using AiMe.Faculties.Curation;
using AiMe.Faculties.Curator;
using AiMe.Faculties.Reflector;
using AiMe.Faculties.Self;
using AiMe.Faculties.Trainer;
using AiMe.Lab.History;
using AiMe.Lab.History.Replay;

namespace AiMe.Console.Replay;

/// <summary>State of a faculty after an event, in lines; the first is the most important.</summary>
internal sealed record FacultyPane(string Faculty, ImmutableArray<string> Lines)
{
    /// <summary>The five panes, in the order of the faculties.</summary>
    public static ImmutableArray<FacultyPane> Of(InstanceStates point) =>
        [
            new(Loop.Self, [.. Self(point)]),
            new(Loop.Memory, [.. Memory(point)]),
            new(Loop.Reflector, [.. Reflector(point)]),
            new(Loop.Curator, [.. Curator(point.Curator)]),
            new(Loop.Trainer, [.. Trainer(point)]),
        ];

    private static IEnumerable<string> Self(InstanceStates point)
    {
        var state = point.Self;
        yield return $"{Duty(state.Phase)}; cycle {state.Cycle}, "
            + $"{(state.Generation < 0 ? "no generation yet" : $"generation {state.Generation}")}, model {Model(state.Model)}";
        if (state.SelfModel.Length > 0)
            yield return $"self-model: {state.SelfModel}";
        if (point.Tally is { Probed: { } now, Birth: { } birth })
            yield return string.Create(
                CultureInfo.InvariantCulture,
                $"probed at generation {now.Generation}: bare drift {Identity.Drift(now.Results.Bare, birth.Results.Bare):0.000}, "
                    + $"agent drift {Identity.Drift(now.Results.Agent, birth.Results.Agent):0.000} bits"
            );
        if (state.Spec is not null)
            yield return $"{state.Drives} {(state.Drives == 1 ? "drive" : "drives")} asked; "
                + $"{(state.LastInsight is { } taken ? $"last insight {taken}" : "no insight yet")}";
    }

    private static IEnumerable<string> Memory(InstanceStates point)
    {
        var (state, tally) = (point.Memory, point.Tally);
        if (state.Settings is null)
        {
            yield return "not started";
            yield break;
        }

        yield return $"{tally.Stored} stored: {tally.Kept} kept, {tally.Held} held, {tally.Rejected} rejected; round {state.Round}, "
            + $"{state.ExperiencesInRound} of {state.Every}";
        if (tally.Last is { } last)
            yield return $"last {last.Id}, {last.Verdict.ToString().ToLowerInvariant()}: {last.Input} -> {last.Output}";
        yield return $"{state.Items.Length} of {state.Settings.Capacity} recallable; {state.Batch.Length} kept for training in this round";
    }

    private static IEnumerable<string> Reflector(InstanceStates point)
    {
        var state = point.Reflector;
        if (state.Settings is null)
        {
            yield return "not started";
            yield break;
        }

        yield return string.Create(
            CultureInfo.InvariantCulture,
            $"importance {state.Importance:0.0} of {state.Settings.InsightThreshold:0.#} since the last insight; "
                + $"{state.Insights} {(state.Insights == 1 ? "insight" : "insights")}"
        );
        if (point.Tally.Insight is { } insight)
            yield return $"{insight.Id}: {insight.Statement} (from {string.Join(", ", insight.Evidence)})";
        if (state.Last is { Text.Length: > 0 } reflection)
            yield return Text(
                $"on e{state.Cycle}: {reflection.Text} (alignment {reflection.Alignment:0.00}, quality {reflection.Quality:0.00})"
            );
    }

    private static IEnumerable<string> Curator(CuratorState state)
    {
        if (!state.Began)
        {
            yield return "not started";
            yield break;
        }

        yield return $"policy: {string.Join(", ", state.Policy)}";
        if (state.Last is not { } last)
            yield break;
        yield return string.Create(
            CultureInfo.InvariantCulture,
            $"e{state.Cycle}: {last.Verdict.ToString().ToLowerInvariant()}; novelty {Score(last.Novelty)}, "
                + $"similarity to kept {Score(last.Similarity)}"
        );
        foreach (var column in last.Columns)
            yield return $"{column.Rule}: {column.Vote.ToString().ToLowerInvariant()}, {column.Reason}";
    }

    private static IEnumerable<string> Trainer(InstanceStates point)
    {
        var state = point.Trainer;
        if (state.Began is null)
        {
            yield return "not started";
            yield break;
        }

        yield return $"champion {Model(state.Champion)}; generation {state.Generation}; {state.Batches.Count} "
            + $"{(state.Batches.Count == 1 ? "batch" : "batches")} sealed, {state.Batches.Sum(b => b.Kept.Length)} kept "
            + "experiences";
        if (point.Tally.Training is { } outcome)
            yield return Outcome(outcome);
        if (Phase(state.Phase) is { Length: > 0 } phase)
            yield return phase;
    }

    private static string Outcome(TrainerEvent outcome) =>
        outcome switch
        {
            Skipped s => $"round {s.Round}: no training, {s.Why}",
            Failed f => $"round {f.Round}: the training failed: {f.Error}",
            Promoted p => string.Create(
                CultureInfo.InvariantCulture,
                $"round {p.Round}: promoted {p.Candidate.Short}; held-out {p.Figures.HeldOutBase:0.000} -> "
                    + $"{p.Figures.HeldOut:0.000} nats, drift {p.Figures.Drift:0.000} bits"
            ),
            RolledBack r => $"round {r.Round}: rolled back {r.Candidate.Short}; {string.Join("; ", r.Reasons)}",
            _ => throw new UnreachableException($"{outcome.GetType().Name} ends no round"),
        };

    private static string Duty(SelfPhase duty) =>
        duty switch
        {
            SelfPhase.NotStarted => "not started",
            SelfPhase.StartingFaculties => "starting the others",
            SelfPhase.Recalling => "recalling",
            SelfPhase.Answering { Attempt: > 1 } s => $"answering, attempt {s.Attempt}",
            SelfPhase.Answering => "answering",
            SelfPhase.PassingOn => "passed its answer on",
            SelfPhase.Probing => "answering probes",
            SelfPhase.RoundClosed => "idle",
            SelfPhase.ChangingPolicy c => $"changing its policy: it {PolicyWords.Keeping(c.Policy)}",
            SelfPhase.ChangingModel c => $"changing its model to {c.Model.Short}",
            SelfPhase.EndingRound => "ending the round",
            SelfPhase.Withdrawn w => $"stimulus withdrawn ({w.Reason})",
            SelfPhase.GivenUp g => $"no answer ({g.Error})",
            _ => throw new UnreachableException($"no words for {duty.GetType().Name}"),
        };

    // Only work in progress; other phases have no line.
    private static string Phase(TrainerPhase duty) =>
        duty switch
        {
            TrainerPhase.Training t => $"training: round {t.Plan.Round}, {t.Plan.Parts.Length} parts",
            TrainerPhase.Preparing { Job: var job } => $"preparing the job of round {job.Plan.Round}",
            TrainerPhase.Submitting { Job: var job } => $"submitting the job of round {job.Plan.Round}",
            TrainerPhase.Seeking { Job: var job } => $"searching for the job of round {job.Plan.Round}",
            TrainerPhase.Awaiting { Job: var job } => $"waiting for the job of round {job.Plan.Round}",
            TrainerPhase.Evaluating e => $"evaluating the candidate {e.Candidate.Short} of round {e.Round}",
            _ => "",
        };

    private static string Model(ModelId model) => model.Value is { Length: > 0 } ? model.Short : "none";

    private static string Score(double score) => double.IsNaN(score) ? "-" : Text($"{score:0.00}");

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
