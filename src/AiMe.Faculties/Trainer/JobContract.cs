using AiMe.EventSourcing;

namespace AiMe.Faculties.Trainer;

/// <summary>Effect results about an external training job.</summary>
public abstract record JobCommand(int Round) : TrainerCommand;

/// <summary>The training data is where the trainer can read it. Nothing is submitted yet.</summary>
/// <param name="Key">Key that identifies the job at its trainer; see <see cref="JobKey"/>.</param>
/// <param name="Data">The trainer's name of the training set, such as the id of an uploaded file.</param>
public sealed record JobPrepared(int Round, int Attempt, string Key, string Data) : JobCommand(Round);

/// <summary>A job with this key exists: it was just submitted, or found.</summary>
/// <param name="Job">The job's id at its trainer.</param>
public sealed record JobSubmitted(int Round, string Key, string Job) : JobCommand(Round);

/// <summary>The submission was refused and certainly created no job.</summary>
/// <param name="Final">Whether the same submission would be refused again.</param>
public sealed record JobRefused(int Round, int Attempt, string Error, bool Final) : JobCommand(Round);

/// <summary>
/// The submission was sent, but it is unknown whether it created a job: there was no answer, or an unclear one.
/// </summary>
public sealed record SubmissionLost(int Round, int Attempt, string Error) : JobCommand(Round);

/// <summary>This attempt has created no job and can no longer create one.</summary>
/// <remarks>
/// It is not enough that the job is not listed, because a submission may still be in transit. The adapter reports this
/// only if a late submission certainly fails (its training data was withdrawn before the trainer was asked again), or
/// if a job is recorded before it starts (a command).
/// </remarks>
public sealed record JobAbsent(int Round, int Attempt) : JobCommand(Round);

/// <summary>It is impossible to find out whether the job exists.</summary>
public sealed record JobUnknowable(int Round, int Attempt, string Why) : JobCommand(Round);

/// <summary>
/// The key belongs to another instance, whose history was copied. This instance must not find, await or use that job.
/// </summary>
public sealed record JobOfAnother(int Round, string Key) : JobCommand(Round);

/// <summary>
/// The trainer could not be asked this time (busy or unreachable), or a job's model could not be measured yet. Nothing
/// was submitted.
/// </summary>
/// <param name="Try">1-based number of the consecutive failure.</param>
public sealed record JobAskingFailed(int Round, int Try, string Error) : JobCommand(Round);

/// <summary>
/// The job has not ended; it will be checked again. Nothing is journalled. A run that is to stop does so here, and the
/// job continues.
/// </summary>
/// <param name="Look">1-based number of the check.</param>
public sealed record JobUnderWay(int Round, string Key, int Look) : JobCommand(Round);

/// <summary>Events of an external training job.</summary>
public abstract record JobEvent : TrainerEvent;

/// <summary>
/// A job is about to be submitted. This is journalled first, so that after a crash the job is searched for and not
/// submitted again.
/// </summary>
/// <param name="Key">Key that identifies the job at its trainer.</param>
/// <param name="Data">The trainer's name of the training set.</param>
/// <param name="Attempt">1-based; a later attempt follows only if the one before certainly created no job.</param>
[Manifest("trainer.submitting")]
public sealed record SubmissionIntended(int Round, string Key, string Data, int Attempt) : JobEvent;

/// <summary>The job exists: its trainer gave it an id.</summary>
[Manifest("trainer.submitted")]
public sealed record Submitted(int Round, string Key, string Job) : JobEvent;

/// <summary>A submission was refused and certainly created no job. It is repeated.</summary>
[Manifest("trainer.submission-refused")]
public sealed record SubmissionRefused(int Round, string Key, int Attempt, string Error) : JobEvent;

/// <summary>It is unclear whether a submission created a job. The job is searched for.</summary>
[Manifest("trainer.submission-unclear")]
public sealed record SubmissionUnclear(int Round, string Key, int Attempt, string Error) : JobEvent;

/// <summary>
/// A submission certainly created no job and can no longer create one: it was never sent, was lost, or was withdrawn.
/// </summary>
[Manifest("trainer.not-submitted")]
public sealed record NotSubmitted(int Round, string Key, int Attempt) : JobEvent;

/// <summary>
/// The trainer could not be asked, or a job's model could not be measured. This is repeated, or the instance is parked.
/// </summary>
[Manifest("trainer.asking-failed")]
public sealed record AskingFailed(int Round, int Try, string Error) : JobEvent;

/// <summary>
/// The job belongs to the instance from which this one was forked. The fork carries out the plan with its own job.
/// </summary>
[Manifest("trainer.disowned")]
public sealed record Disowned(int Round, string Key) : JobEvent;

/// <summary>
/// It is impossible to find out whether a job exists, so none is submitted again. The round ends with the same
/// champion, and a user may search for the key at the trainer.
/// </summary>
[Manifest("trainer.lost-track")]
public sealed record LostTrack(int Round, string Key, string Why) : JobEvent;

/// <summary>The progress of a job.</summary>
/// <param name="By">The external trainer. A fork with another trainer starts the plan again.</param>
/// <param name="Attempt">1-based number of the submission.</param>
/// <param name="Key">Key that identifies the job at its trainer; empty until it is known.</param>
/// <param name="Data">
/// The trainer's name of the training set; empty until it is known, and after it was withdrawn.
/// </param>
/// <param name="Id">The job's id at its trainer; empty until it exists.</param>
/// <param name="Failures">Consecutive failures to ask or submit.</param>
public sealed record JobProgress(TrainingPlan Plan, ExternalTraining By, int Attempt, string Key, string Data, string Id, int Failures);
