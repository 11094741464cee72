using AiMe.EventSourcing;

namespace AiMe.Faculties.Trainer;

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
