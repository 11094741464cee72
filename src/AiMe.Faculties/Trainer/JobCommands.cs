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
