using System.Diagnostics;
using AiMe.EventSourcing;

namespace AiMe.Faculties.Trainer;

/// <summary>The part of the Trainer that trains by an external job, submitted at most once.</summary>
/// <remarks><code>
/// PrepareJob --> submitting@1 --SubmitJob--> submitted@1 --AwaitJob--> trained@1 | failed@1
///                     |  (no answer, or a crash)  ^
///                     '----------FindJob----------+--> not-submitted@1: no job exists, prepare again
///                                                 '--> lost-track@1: unknown, never submitted again
/// </code>
/// SubmitJob follows only from the decision that journals the intent. After a crash, or if a message is delivered again, FindJob
/// follows from the intent. Both have the same effect key: a job is not searched for while its submission is under way.
/// </remarks>
public static class JobDecider
{
    /// <summary>Failures in a row before the instance is parked; as many again after each retry.</summary>
    public const int Attempts = 3;

    /// <summary>Decides on the outcome of a request to the external trainer.</summary>
    public static Decision<TrainerEvent> Decide(TrainerState state, JobCommand command) =>
        (command, state.Phase) switch
        {
            (JobPrepared p, TrainerPhase.Preparing { Job: var j }) when IsOf(j, p.Round, p.Attempt) => Accept(
                    new SubmissionIntended(p.Round, p.Key, p.Data, p.Attempt)
                )
                .Then(Submit(j with { Key = p.Key, Data = p.Data })),

            // An attempt is repeated only once it is certain that the one before made no job. Should that prove wrong, its
            // job is used.
            (JobSubmitted s, TrainerPhase.Preparing or TrainerPhase.Submitting or TrainerPhase.Seeking)
                when s.Key == Of(state.Phase)!.Key => Continue(state, new Submitted(s.Round, s.Key, s.Job)),

            (JobRefused { Final: true } r, TrainerPhase.Submitting { Job: var j }) when IsOf(j, r.Round, r.Attempt) =>
                TrainerDecider.Report(state, new Failed(r.Round, r.Error)),
            (JobRefused r, TrainerPhase.Submitting { Job: var j }) when IsOf(j, r.Round, r.Attempt) => ContinueOrPark(
                state,
                j.Failures,
                new SubmissionRefused(r.Round, j.Key, r.Attempt, r.Error),
                r.Error
            ),
            (SubmissionLost l, TrainerPhase.Submitting { Job: var j }) when IsOf(j, l.Round, l.Attempt) => ContinueOrPark(
                state,
                j.Failures,
                new SubmissionUnclear(l.Round, j.Key, l.Attempt, l.Error),
                l.Error
            ),

            (JobAbsent a, TrainerPhase.Submitting or TrainerPhase.Seeking) when IsOf(Of(state.Phase)!, a.Round, a.Attempt) => Continue(
                state,
                new NotSubmitted(a.Round, Of(state.Phase)!.Key, a.Attempt)
            ),
            (JobUnknowable u, TrainerPhase.Submitting or TrainerPhase.Seeking) when IsOf(Of(state.Phase)!, u.Round, u.Attempt) =>
                TrainerDecider.Report(state, new LostTrack(u.Round, Of(state.Phase)!.Key, u.Why)),

            (JobOfAnother o, TrainerPhase.Submitting or TrainerPhase.Seeking or TrainerPhase.Awaiting) when o.Key == Of(state.Phase)!.Key =>
                Continue(state, new Disowned(o.Round, o.Key)),
            (JobUnderWay u, TrainerPhase.Awaiting { Job: var j }) when u.Key == j.Key => NoEvents.Then(Await(j, u.Look + 1)),
            (JobAskingFailed f, TrainerPhase.Evaluating d) when f.Round == d.Round && f.Try == d.Failures + 1 => ContinueOrPark(
                state,
                d.Failures,
                new AskingFailed(f.Round, f.Try, f.Error),
                f.Error
            ),
            (JobAskingFailed f, _) when Of(state.Phase) is { } j && f.Round == j.Plan.Round && f.Try == j.Failures + 1 => ContinueOrPark(
                state,
                j.Failures,
                new AskingFailed(f.Round, f.Try, f.Error),
                f.Error
            ),
            _ => NoEvents.NoEffects, // of another round or attempt, or already known
        };

    /// <summary>The phase after an event of a job.</summary>
    public static TrainerPhase Evolve(TrainerPhase duty, JobEvent happened)
    {
        if (duty is TrainerPhase.Evaluating measured && happened is AskingFailed failed)
            return measured with { Failures = failed.Try };
        var job = Of(duty)
            ?? throw new InvalidOperationException(
                $"The event {happened.GetType().Name} cannot follow: the Trainer is {duty.GetType().Name} and has no job."
            );
        return happened switch
        {
            SubmissionIntended s => new TrainerPhase.Submitting(job with { Key = s.Key, Data = s.Data }),
            Submitted s => new TrainerPhase.Awaiting(job with { Id = s.Job, Failures = 0 }),
            SubmissionRefused => new TrainerPhase.Preparing(job with { Attempt = job.Attempt + 1, Failures = job.Failures + 1 }),
            SubmissionUnclear => new TrainerPhase.Seeking(job with { Failures = job.Failures + 1 }),
            NotSubmitted => new TrainerPhase.Preparing(job with { Attempt = job.Attempt + 1, Data = "" }),
            AskingFailed f => AskedInVain(duty, job with { Failures = f.Try }),
            Disowned => Begin(job.Plan, job.By),
            _ => throw new UnreachableException(),
        };
    }

    /// <summary>The first phase of every job.</summary>
    public static TrainerPhase Begin(TrainingPlan plan, ExternalTraining by) =>
        new TrainerPhase.Preparing(new JobProgress(plan, by, Attempt: 1, "", "", "", Failures: 0));

    /// <summary>The pending effect of a phase after recovery: never a submission.</summary>
    public static Effect Pending(TrainerPhase duty) =>
        duty switch
        {
            TrainerPhase.Preparing { Job: var j } => new PrepareJob(j.Plan, j.By, j.Attempt, j.Data, j.Failures + 1),
            TrainerPhase.Submitting { Job: var j } => new FindJob(j.Plan, j.By, j.Attempt, j.Key, j.Data, j.Failures + 1),
            TrainerPhase.Seeking { Job: var j } => new FindJob(j.Plan, j.By, j.Attempt, j.Key, j.Data, j.Failures + 1),
            TrainerPhase.Awaiting { Job: var j } => Await(j, look: 1),
            _ => throw new UnreachableException(),
        };

    /// <summary>The submission, which follows only from the journalled intent.</summary>
    public static SubmitJob Submit(JobProgress job) => new(job.Plan, job.By, job.Attempt, job.Key, job.Data);

    /// <summary>The job of a phase, or null if it has none.</summary>
    public static JobProgress? Of(TrainerPhase duty) =>
        duty switch
        {
            TrainerPhase.Preparing d => d.Job,
            TrainerPhase.Submitting d => d.Job,
            TrainerPhase.Seeking d => d.Job,
            TrainerPhase.Awaiting d => d.Job,
            TrainerPhase.Waiting or TrainerPhase.Training or TrainerPhase.Evaluating or TrainerPhase.Reported => null,
            _ => throw new UnreachableException(),
        };

    private static AwaitJob Await(JobProgress job, int look) => new(job.Plan, job.By, job.Key, job.Id, job.Failures + 1, look);

    private static bool IsOf(JobProgress job, int round, int attempt) => job.Plan.Round == round && job.Attempt == attempt;

    // If the trainer of a submission cannot be reached, the search continues.
    private static TrainerPhase AskedInVain(TrainerPhase duty, JobProgress job) =>
        duty switch
        {
            TrainerPhase.Preparing => new TrainerPhase.Preparing(job),
            TrainerPhase.Submitting or TrainerPhase.Seeking => new TrainerPhase.Seeking(job),
            TrainerPhase.Awaiting => new TrainerPhase.Awaiting(job),
            _ => throw new UnreachableException(),
        };

    private static Decision<TrainerEvent> Accept(JobEvent happened) => Decision.Accept<TrainerEvent>([happened]);

    // The next request, as the phase after the event requires it.
    private static Decision<TrainerEvent> Continue(TrainerState state, JobEvent happened) =>
        Accept(happened).Then(TrainerDecider.Pending(TrainerDecider.Evolve(state, happened)).AsSpan());

    private static Decision<TrainerEvent> ContinueOrPark(TrainerState state, int failures, JobEvent happened, string error) =>
        (failures + 1) % Attempts == 0 ? Accept(happened).Then(Loop.Park(error)) : Continue(state, happened);
}
