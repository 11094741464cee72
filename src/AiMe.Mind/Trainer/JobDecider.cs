using System.Collections.Immutable;
using System.Diagnostics;
using AiMe.Kernel;

namespace AiMe.Mind;

/// <summary>The part of the Trainer that has a plan carried out by an external job, which is submitted at most once.</summary>
/// <remarks><code>
/// PrepareJob --> submitting@1 --SubmitJob--> submitted@1 --AwaitJob--> trained@1 | failed@1
///                     |  (no answer, or a crash)  ^
///                     '----------FindJob----------+--> not-submitted@1: certainly none, prepare again
///                                                 '--> lost-track@1: it cannot be known, none is submitted again
/// </code>
/// SubmitJob is handed on in one step alone: the one that journals the intent. Whoever comes to that intent later, after a crash or by a message
/// delivered again, owes FindJob. Both bear one effect key, so that a job is not looked for while its submission is under way.
/// </remarks>
internal static class JobDecider
{
    /// <summary>Failures in a row before the instance is parked, and again as many each time that it is taken up again.</summary>
    public const int Attempts = 3;

    /// <summary>What follows from what the world tells of a job.</summary>
    public static Decision<TrainerEvent> Decide(TrainerDuty duty, JobCommand command) => (command, duty) switch
    {
        (JobPrepared p, TrainerDuty.Preparing { Job: var j }) when IsOf(j, p.Round, p.Attempt) => [new SubmissionIntended(p.Round, p.Key, p.Data, p.Attempt)],

        // Before an attempt is repeated it is certain that the one before made no job; should that prove wrong, its job is taken all the same.
        (JobSubmitted s, TrainerDuty.Preparing or TrainerDuty.Submitting or TrainerDuty.Seeking) when s.Key == Of(duty)!.Key => [new Submitted(s.Round, s.Key, s.Job)],

        (JobRefused { Final: true } r, TrainerDuty.Submitting { Job: var j }) when IsOf(j, r.Round, r.Attempt) => [new Failed(r.Round, r.Error)],
        (JobRefused r, TrainerDuty.Submitting { Job: var j }) when IsOf(j, r.Round, r.Attempt) => OrPark(j, new SubmissionRefused(r.Round, j.Key, r.Attempt, r.Error), r.Error),
        (SubmissionLost l, TrainerDuty.Submitting { Job: var j }) when IsOf(j, l.Round, l.Attempt) => OrPark(j, new SubmissionUnclear(l.Round, j.Key, l.Attempt, l.Error), l.Error),

        (JobAbsent a, TrainerDuty.Submitting or TrainerDuty.Seeking) when IsOf(Of(duty)!, a.Round, a.Attempt) => [new NotSubmitted(a.Round, Of(duty)!.Key, a.Attempt)],
        (JobUnknowable u, TrainerDuty.Submitting or TrainerDuty.Seeking) when IsOf(Of(duty)!, u.Round, u.Attempt) => [new LostTrack(u.Round, Of(duty)!.Key, u.Why)],

        (JobOfAnother o, TrainerDuty.Submitting or TrainerDuty.Seeking or TrainerDuty.Awaiting) when o.Key == Of(duty)!.Key => [new Disowned(o.Round, o.Key)],
        (JobUnderWay u, TrainerDuty.Awaiting { Job: var j }) when u.Key == j.Key => Again.With(Await(j, u.Look + 1)),
        (JobAskingFailed f, _) when Of(duty) is { } j && f.Round == j.Plan.Round && f.Try == j.Failures + 1 => OrPark(j, new AskingFailed(f.Round, f.Try, f.Error), f.Error),
        _ => Again.Nothing, // of another round or attempt, or long known
    };

    /// <summary>The duty after what happened to a job.</summary>
    public static TrainerDuty Evolve(TrainerDuty duty, JobEvent happened)
    {
        var job = Of(duty) ?? throw new InvalidOperationException($"The event {happened.GetType().Name} cannot follow: the Trainer is {duty.GetType().Name} and has no job.");
        return happened switch
        {
            SubmissionIntended s => new TrainerDuty.Submitting(job with { Key = s.Key, Data = s.Data }),
            Submitted s => new TrainerDuty.Awaiting(job with { Id = s.Job, Failures = 0 }),
            SubmissionRefused => new TrainerDuty.Preparing(job with { Attempt = job.Attempt + 1, Failures = job.Failures + 1 }),
            SubmissionUnclear => new TrainerDuty.Seeking(job with { Failures = job.Failures + 1 }),
            NotSubmitted => new TrainerDuty.Preparing(job with { Attempt = job.Attempt + 1, Data = "" }),
            AskingFailed f => AskedInVain(duty, job with { Failures = f.Try }),
            Disowned => Begin(job.Plan, job.By),
            _ => throw new UnreachableException(),
        };
    }

    /// <summary>Where every job begins.</summary>
    public static TrainerDuty Begin(TrainingPlan plan, ExternalTraining by) => new TrainerDuty.Preparing(new JobProgress(plan, by, Attempt: 1, "", "", "", Failures: 0));

    /// <summary>What is owed whenever the Trainer comes to stand in this duty anew: never a submission.</summary>
    public static Effect Pending(TrainerDuty duty) => duty switch
    {
        TrainerDuty.Preparing { Job: var j } => new PrepareJob(j.Plan, j.By, j.Attempt, j.Data, j.Failures + 1),
        TrainerDuty.Submitting { Job: var j } => new FindJob(j.Plan, j.By, j.Attempt, j.Key, j.Data, j.Failures + 1),
        TrainerDuty.Seeking { Job: var j } => new FindJob(j.Plan, j.By, j.Attempt, j.Key, j.Data, j.Failures + 1),
        TrainerDuty.Awaiting { Job: var j } => Await(j, look: 1),
        _ => throw new UnreachableException(),
    };

    /// <summary>What a step into this duty owes: the one place from which a job is submitted. Nothing where the instance is to be parked.</summary>
    public static ImmutableArray<Effect> Owed(TrainerDuty before, TrainerDuty after)
    {
        var (was, job) = (Of(before)?.Failures ?? 0, Of(after)!);
        if (job.Failures > was && job.Failures % Attempts == 0)
            return [];
        return after is TrainerDuty.Submitting ? [new SubmitJob(job.Plan, job.By, job.Attempt, job.Key, job.Data)] : [Pending(after)];
    }

    /// <summary>The job of a duty, or null where it has none.</summary>
    public static JobProgress? Of(TrainerDuty duty) => duty switch
    {
        TrainerDuty.Preparing d => d.Job,
        TrainerDuty.Submitting d => d.Job,
        TrainerDuty.Seeking d => d.Job,
        TrainerDuty.Awaiting d => d.Job,
        TrainerDuty.Waiting or TrainerDuty.Training or TrainerDuty.Evaluating or TrainerDuty.Reported => null,
        _ => throw new UnreachableException(),
    };

    private static AwaitJob Await(JobProgress job, int look) => new(job.Plan, job.By, job.Key, job.Id, job.Failures + 1, look);

    private static bool IsOf(JobProgress job, int round, int attempt) => job.Plan.Round == round && job.Attempt == attempt;

    // Who was to submit and could not even ask goes on looking.
    private static TrainerDuty AskedInVain(TrainerDuty duty, JobProgress job) => duty switch
    {
        TrainerDuty.Preparing => new TrainerDuty.Preparing(job),
        TrainerDuty.Submitting or TrainerDuty.Seeking => new TrainerDuty.Seeking(job),
        TrainerDuty.Awaiting => new TrainerDuty.Awaiting(job),
        _ => throw new UnreachableException(),
    };

    private static Decision<TrainerEvent> OrPark(JobProgress job, JobEvent noted, string error)
    {
        var decision = Decision.Accept<TrainerEvent>([noted]);
        return (job.Failures + 1) % Attempts == 0 ? decision.Then(Loop.Park(error)) : decision;
    }
}
