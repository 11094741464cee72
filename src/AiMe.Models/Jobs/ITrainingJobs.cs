namespace AiMe.Models.Jobs;

/// <summary>
/// An external trainer: each training is a job that may cost money, is submitted at most once, and can be found again
/// by its key.
/// </summary>
/// <remarks>
/// A <see cref="ProviderException"/> means that the trainer could not be reached; if it is
/// <see cref="ProviderException.ForGood"/>, a retry is useless.
/// </remarks>
public interface ITrainingJobs
{
    /// <summary>Uploads a training set. Makes no job, and may be repeated.</summary>
    /// <param name="attempt">The submission that it is for, from 1.</param>
    /// <param name="held">The upload of an earlier attempt that was not removed; empty for none.</param>
    /// <param name="dataset">JSON Lines of chat messages.</param>
    /// <returns>The trainer's id of the upload.</returns>
    /// <exception cref="ProviderException">The upload failed.</exception>
    Task<string> PrepareAsync(JobOrder order, int attempt, string held, ReadOnlyMemory<byte> dataset, CancellationToken cancellationToken);

    /// <summary>Submits a job. Does not retry if the first attempt may have made one.</summary>
    Task<Submission> SubmitAsync(JobOrder order, string data, CancellationToken cancellationToken);

    /// <summary>Searches for a job whose submission may or may not have arrived.</summary>
    /// <remarks>Before it reports that there is none, it ensures that a submission in flight would fail.</remarks>
    /// <exception cref="ProviderException">The trainer could not be reached.</exception>
    Task<JobSearch> FindAsync(string key, string data, CancellationToken cancellationToken);

    /// <summary>Polls a job once.</summary>
    /// <exception cref="ProviderException">The trainer could not be reached.</exception>
    Task<JobLook> LookAsync(string key, string job, CancellationToken cancellationToken);
}

/// <summary>A training job to submit.</summary>
/// <param name="Key">The key under which the job can be found.</param>
/// <param name="Model">Name of the model that it starts from.</param>
/// <param name="Epochs">Passes over the training set, 1 or more; not used if there is a length.</param>
/// <param name="LearningRate">Learning rate, for a trainer that takes one.</param>
/// <param name="Round">Informational, like run and instance, for readers of the trainer's list.</param>
public sealed record JobOrder(string Key, string Model, int Epochs, double LearningRate, ulong Seed, string Run, string Instance, int Round)
{
    /// <summary>The fixed length of the training, for a trainer that takes one; null for epochs.</summary>
    public TrainingLength? Length { get; init; }

    /// <summary>
    /// Training tokens over all epochs, with an estimate of the trainer's tokenizer; 0 if it is not submitted.
    /// </summary>
    public long Tokens { get; init; }
}

/// <summary>The result of a submission.</summary>
public abstract record Submission
{
    private Submission() { }

    /// <summary>There is a job.</summary>
    /// <param name="Job">The trainer's id of it.</param>
    public sealed record Made(string Job) : Submission;

    /// <summary>This submission certainly made no job.</summary>
    /// <param name="ForGood">Whether the same submission would be refused again.</param>
    public sealed record Refused(string Why, bool ForGood) : Submission;

    /// <summary>It was sent, and it is unknown whether it made a job.</summary>
    public sealed record Unclear(string Why) : Submission;
}

/// <summary>The result of a search for a job.</summary>
public abstract record JobSearch
{
    private JobSearch() { }

    /// <summary>There is a job.</summary>
    /// <param name="Job">The trainer's id of it.</param>
    public sealed record Found(string Job) : JobSearch;

    /// <summary>There is no job, and this submission can no longer make one.</summary>
    public sealed record Absent : JobSearch;

    /// <summary>This trainer can never say.</summary>
    public sealed record Unknowable(string Why) : JobSearch;
}

/// <summary>The progress of a job.</summary>
public abstract record JobLook
{
    private JobLook() { }

    /// <summary>It has not ended.</summary>
    public sealed record UnderWay : JobLook;

    /// <summary>It made a model.</summary>
    /// <param name="Model">Its name.</param>
    /// <param name="Tokens">Training tokens over all epochs; null if the trainer does not report them.</param>
    public sealed record Done(string Model, long? Tokens) : JobLook;

    /// <summary>It ended without a model.</summary>
    public sealed record JobEnded(string Why) : JobLook;
}
