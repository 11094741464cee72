using AiMe.EventSourcing;
using AiMe.Faculties.Curator;
using AiMe.Faculties.Memory;
using AiMe.Faculties.Reflector;
using AiMe.Faculties.Self;
using AiMe.Faculties.Supervisor;
using AiMe.Faculties.Trainer;

namespace AiMe.Simulation;

/// <summary>The text of a command in a schedule: its name and subject.</summary>
internal static class CommandText
{
    /// <summary>A few words.</summary>
    public static string Of(Command command) =>
        command switch
        {
            BeginSelf b => $"BeginSelf {b.Spec.Name}",
            FacultyBegan f => $"FacultyBegan {f.Faculty}",
            Live l => $"Live c{l.Cycle} {l.Stimulus?.Id ?? "(a drive)"}",
            Withdraw w => $"Withdraw c{w.Cycle} {w.Stimulus}",
            CallRound r => $"CallRound after c{r.Cycle}",
            CallModel m => $"CallModel {m.Model.Short} after c{m.Cycle}",
            CallPolicy p => $"CallPolicy after c{p.Cycle}",
            ApplyPolicy p => $"ApplyPolicy {p.Id}",
            PolicyApplied p => $"PolicyApplied {p.Id}",
            Appoint a => $"Appoint {a.Model.Short}",
            TryAgain t => $"TryAgain, revival {t.Revival}",
            RecallFound r => $"RecallFound {r.For}",
            AnswerGenerated a => $"AnswerGenerated c{a.Cycle}, attempt {a.Attempt}",
            AnswerFailed f => $"AnswerFailed c{f.Cycle}, attempt {f.Attempt}: {f.Error}",
            Adopt a => $"Adopt g{a.Generation}",
            ProbesAnswered p => $"ProbesAnswered g{p.Generation}",
            ProbesFailed f => $"ProbesFailed g{f.Generation}, attempt {f.Attempt}: {f.Error}",
            Recall r => $"Recall {r.For}",
            MemorySearched s => $"MemorySearched {s.For}",
            SearchFailed f => $"SearchFailed {f.For}, attempt {f.Attempt}: {f.Error}",
            EndRound e => $"EndRound after c{e.Cycle}",
            Store s => $"Store c{s.Draft.Cycle}",
            Reflect r => $"Reflect c{r.Draft.Cycle}",
            ReflectionGenerated r => $"ReflectionGenerated c{r.Draft.Cycle}",
            ReflectionFailed f => $"ReflectionFailed c{f.Draft.Cycle}, attempt {f.Attempt}: {f.Error}",
            InsightGenerated g => $"InsightGenerated c{g.Draft.Cycle}",
            InsightFailed f => $"InsightFailed c{f.Draft.Cycle}, attempt {f.Attempt}: {f.Error}",
            Judge j => $"Judge c{j.Draft.Cycle}",
            ExperienceEmbedded e => $"ExperienceEmbedded c{e.Draft.Cycle}",
            EmbeddingFailed f => $"EmbeddingFailed c{f.Draft.Cycle}, attempt {f.Attempt}: {f.Error}",
            JudgeAnswered a => $"JudgeAnswered c{a.Case.Draft.Cycle}, sample {a.Sample}: {a.Answer.Kind}",
            JudgingFailed f => $"JudgingFailed c{f.Case.Draft.Cycle}, sample {f.Sample}, attempt {f.Attempt}: {f.Error}",
            Seal s => $"Seal r{s.Round}, {s.Kept.Length} kept",
            BatchWritten w => $"BatchWritten r{w.Round}",
            ModelTrained t => $"ModelTrained r{t.Round}",
            TrainingFailed f => $"TrainingFailed r{f.Round}: {f.Error}",
            ModelEvaluated e => $"ModelEvaluated r{e.Round}",
            JobPrepared p => $"JobPrepared r{p.Round}, attempt {p.Attempt}",
            JobSubmitted s => $"JobSubmitted r{s.Round}: {s.Job}",
            JobRefused r => $"JobRefused r{r.Round}, attempt {r.Attempt}: {r.Error}",
            SubmissionLost l => $"SubmissionLost r{l.Round}, attempt {l.Attempt}: {l.Error}",
            JobAbsent a => $"JobAbsent r{a.Round}, attempt {a.Attempt}",
            JobAskingFailed f => $"JobAskingFailed r{f.Round}, {f.Try}. try: {f.Error}",
            StartRun s => s.Revive ? "StartRun, reviving" : "StartRun",
            CycleClosed c => $"CycleClosed {c.Instance} c{c.Cycle}{(c.Generation is { } g ? $" g{g}" : "")}",
            CycleWithdrawn w => $"CycleWithdrawn {w.Instance} c{w.Cycle}",
            GaveUp g => $"GaveUp {g.Instance} c{g.Cycle}: {g.Error}",
            ParkInstance p => $"ParkInstance {p.Instance}: {p.Reason}",
            Give g => $"Give {g.Arrival} to {g.Instance}",
            GiveReview r => $"GiveReview {r.Arrival} on {r.Answer.Experience} of {r.Instance}",
            AwaitReviews a => $"AwaitReviews {a.Instance} r{a.Round}, {a.Held.Length} held",
            SettleReviews s => $"SettleReviews r{s.Round}",
            SettleHeld s => $"SettleHeld r{s.Round}",
            TakeBack t => $"TakeBack {t.Arrival} from {t.Instance}",
            _ => command.GetType().Name,
        };
}
