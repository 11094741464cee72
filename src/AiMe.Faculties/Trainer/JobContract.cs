using AiMe.EventSourcing;

namespace AiMe.Faculties.Trainer;

/// <summary>What the world tells of an external training job.</summary>
public abstract record JobCommand(int Round) : TrainerCommand;

/// <summary>
/// From the world: what the job is to learn from is where the trainer can read it. Nothing is submitted yet.
/// </summary>
/// <param name="Key">By which the job can be asked for; see <see cref="JobKey"/>.</param>
/// <param name="Data">What the trainer calls the training set, such as the id of an uploaded file.</param>
public sealed record JobPrepared(int Round, int Attempt, string Key, string Data) : JobCommand(Round);

/// <summary>From the world: there is a job with this key, whether it was just submitted or found.</summary>
/// <param name="Job">The trainer's own id of it.</param>
public sealed record JobSubmitted(int Round, string Key, string Job) : JobCommand(Round);

/// <summary>From the world: the submission was refused, and certainly made no job.</summary>
/// <param name="Final">Whether the same submission would be refused again.</param>
public sealed record JobRefused(int Round, int Attempt, string Error, bool Final) : JobCommand(Round);

/// <summary>
/// From the world: the submission left, and it is not known whether it made a job: no answer came, or one that says
/// nothing of it.
/// </summary>
public sealed record SubmissionLost(int Round, int Attempt, string Error) : JobCommand(Round);

/// <summary>From the world: there is no job of this attempt, and none can come of it any more.</summary>
/// <remarks>
/// Not merely "it is not listed": a submission may still be under way. The world says this only where it could make
/// sure that a late one fails (what it would learn from was taken back before the trainer was asked again), or where a
/// job is noted before it is begun (a command).
/// </remarks>
public sealed record JobAbsent(int Round, int Attempt) : JobCommand(Round);

/// <summary>From the world: whether there is a job cannot be found out at all.</summary>
public sealed record JobUnknowable(int Round, int Attempt, string Why) : JobCommand(Round);

/// <summary>
/// From the world: this key is another life's, whose history was copied. Its job is not ours to find, to wait for or to
/// use.
/// </summary>
public sealed record JobOfAnother(int Round, string Key) : JobCommand(Round);

/// <summary>
/// From the world: the trainer could not be asked this time (it is busy, or gone), or a job's model not be measured
/// yet. Nothing was submitted by that.
/// </summary>
/// <param name="Try">The how manieth failure in a row, from 1.</param>
public sealed record JobAskingFailed(int Round, int Try, string Error) : JobCommand(Round);

/// <summary>
/// From the world: the job has not ended. It is looked at again, and nothing is journalled: a run that is to stop does
/// so here, and the job goes on.
/// </summary>
/// <param name="Look">The how manieth look it was.</param>
public sealed record JobUnderWay(int Round, string Key, int Look) : JobCommand(Round);

/// <summary>What happened to an external training job.</summary>
public abstract record JobEvent : TrainerEvent;

/// <summary>
/// A job is about to be submitted. It is journalled before anything leaves, so that after a crash it is looked for and
/// not submitted again.
/// </summary>
/// <param name="Key">By which the job can be asked for.</param>
/// <param name="Data">What the trainer calls the training set.</param>
/// <param name="Attempt">
/// 1 for the first; later ones follow only where it is certain that the one before made no job.
/// </param>
[Manifest("trainer.submitting")]
public sealed record SubmissionIntended(int Round, string Key, string Data, int Attempt) : JobEvent;

/// <summary>There is a job: the trainer gave it an id.</summary>
[Manifest("trainer.submitted")]
public sealed record Submitted(int Round, string Key, string Job) : JobEvent;

/// <summary>A submission was refused, and certainly made no job. It is tried again.</summary>
[Manifest("trainer.submission-refused")]
public sealed record SubmissionRefused(int Round, string Key, int Attempt, string Error) : JobEvent;

/// <summary>A submission had no answer that says whether it made a job. The job is looked for.</summary>
[Manifest("trainer.submission-unclear")]
public sealed record SubmissionUnclear(int Round, string Key, int Attempt, string Error) : JobEvent;

/// <summary>
/// A submission certainly made no job and can make none any more: it never left, was lost on its way, or was taken
/// back.
/// </summary>
[Manifest("trainer.not-submitted")]
public sealed record NotSubmitted(int Round, string Key, int Attempt) : JobEvent;

/// <summary>
/// The trainer could not be asked, or a job's model not be measured. It is tried again, or the instance is parked.
/// </summary>
[Manifest("trainer.asking-failed")]
public sealed record AskingFailed(int Round, int Try, string Error) : JobEvent;

/// <summary>
/// The life is another's by its history, and so was this job. The plan is carried out by a job of its own.
/// </summary>
[Manifest("trainer.disowned")]
public sealed record Disowned(int Round, string Key) : JobEvent;

/// <summary>
/// Whether a job was made cannot be known, so none is submitted again: the round ends with the champion as it was, and
/// a person may look for the key at the trainer's.
/// </summary>
[Manifest("trainer.lost-track")]
public sealed record LostTrack(int Round, string Key, string Why) : JobEvent;

/// <summary>How far a job is.</summary>
/// <param name="By">Who carries it out. A fork that has another trainer begins the plan anew with that one.</param>
/// <param name="Attempt">Of submitting it, from 1.</param>
/// <param name="Key">By which it can be asked for; empty before that is known.</param>
/// <param name="Data">
/// What the trainer calls the training set; empty before that is known, and where it was taken back.
/// </param>
/// <param name="Id">The trainer's id of the job; empty before there is one.</param>
/// <param name="Failures">Of asking or submitting, in a row.</param>
public sealed record JobProgress(TrainingPlan Plan, ExternalTraining By, int Attempt, string Key, string Data, string Id, int Failures);
