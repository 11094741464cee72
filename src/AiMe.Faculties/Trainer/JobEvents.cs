using AiMe.EventSourcing;

namespace AiMe.Faculties.Trainer;

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
