namespace AiMe.Models.Jobs;

/// <summary>
/// A trainer outside the process: each training is a job that may be paid for, is submitted at most once, and can be found
/// again by its key.
/// </summary>
/// <remarks>
/// A <see cref="ProviderException"/> means that the trainer could not be asked; where it is
/// <see cref="ProviderException.ForGood"/>, asking again is of no use.
/// </remarks>
public interface ITrainingJobs
{
    /// <summary>Brings a training set where the trainer can read it. Makes no job, and may be repeated.</summary>
    /// <param name="attempt">Which submission it is for, from 1.</param>
    /// <param name="held">What was brought for an earlier attempt and was not taken back; empty for nothing.</param>
    /// <param name="dataset">JSON Lines of chat messages.</param>
    /// <returns>What the trainer calls it.</returns>
    /// <exception cref="ProviderException">It could not be brought.</exception>
    Task<string> PrepareAsync(JobOrder order, int attempt, string held, ReadOnlyMemory<byte> dataset, CancellationToken cancellationToken);

    /// <summary>Submits a job. It never tries twice on its own where the first try may have made one.</summary>
    Task<Submission> SubmitAsync(JobOrder order, string data, CancellationToken cancellationToken);

    /// <summary>Looks for a job whose submission may or may not have arrived.</summary>
    /// <remarks>Before it says that there is none it sees to it that a submission still under way would fail.</remarks>
    /// <exception cref="ProviderException">The trainer could not be asked.</exception>
    Task<JobSearch> FindAsync(string key, string data, CancellationToken cancellationToken);

    /// <summary>Looks once how far a job is.</summary>
    /// <exception cref="ProviderException">The trainer could not be asked.</exception>
    Task<JobLook> LookAsync(string key, string job, CancellationToken cancellationToken);
}

/// <summary>What is ordered.</summary>
/// <param name="Key">By which the job can be asked for.</param>
/// <param name="Model">Name of the model that it starts from.</param>
/// <param name="Epochs">Passes over the training set, 1 or more.</param>
/// <param name="LearningRate">Size of the steps, for a trainer that is told one.</param>
/// <param name="Round">For people who read the trainer's list, as run and instance are.</param>
public sealed record JobOrder(string Key, string Model, int Epochs, double LearningRate, ulong Seed, string Run, string Instance, int Round)
{
    /// <summary>
    /// Tokens that it will see, every epoch counted, by a guess of the trainer's tokenizer; 0 where it is not to be
    /// submitted.
    /// </summary>
    public long Tokens { get; init; }
}

/// <summary>What became of a submission.</summary>
public abstract record Submission
{
    private Submission() { }

    /// <summary>There is a job.</summary>
    /// <param name="Job">The trainer's id of it.</param>
    public sealed record Made(string Job) : Submission;

    /// <summary>There is certainly none of this submission.</summary>
    /// <param name="ForGood">Whether the same submission would be refused again.</param>
    public sealed record Refused(string Why, bool ForGood) : Submission;

    /// <summary>It left, and whether it made a job is not known.</summary>
    public sealed record Unclear(string Why) : Submission;
}

/// <summary>What a search for a job came to.</summary>
public abstract record JobSearch
{
    private JobSearch() { }

    /// <summary>There is one.</summary>
    /// <param name="Job">The trainer's id of it.</param>
    public sealed record Found(string Job) : JobSearch;

    /// <summary>There is none, and none can come of this submission any more.</summary>
    public sealed record Absent : JobSearch;

    /// <summary>This trainer cannot tell, now or later.</summary>
    public sealed record Unknowable(string Why) : JobSearch;
}

/// <summary>How far a job is.</summary>
public abstract record JobLook
{
    private JobLook() { }

    /// <summary>It has not ended.</summary>
    public sealed record UnderWay : JobLook;

    /// <summary>It made a model.</summary>
    /// <param name="Model">Its name.</param>
    /// <param name="Tokens">Seen in training, all epochs together; null where the trainer does not say.</param>
    public sealed record Done(string Model, long? Tokens) : JobLook;

    /// <summary>It ended without one.</summary>
    public sealed record JobEnded(string Why) : JobLook;
}
