using System.Collections.Immutable;

namespace AiMe.Serve.Jobs;

/// <summary>A fine-tuning job, as it is kept on disk. All that its result depends on is fixed when it is made.</summary>
/// <param name="Id">Its id, <c>ftjob-</c> and random digits.</param>
/// <param name="Sequence">Its place among all jobs, from 1.</param>
/// <param name="CreatedAt">Unix time, seconds.</param>
/// <param name="Order">What is to be trained.</param>
/// <param name="Status">One of <see cref="TuningStatus"/>.</param>
/// <param name="Events">What happened, the oldest first.</param>
internal sealed record TuningJob(
    string Id,
    long Sequence,
    long CreatedAt,
    TuningOrder Order,
    string Status,
    ImmutableArray<TuningEvent> Events
)
{
    /// <summary>Unix time of its end, seconds; null before.</summary>
    public long? FinishedAt { get; init; }

    /// <summary>The result; null unless it succeeded.</summary>
    public TuningResult? Result { get; init; }

    /// <summary>Why it failed; null unless it did.</summary>
    public TuningError? Error { get; init; }

    /// <summary>Whether nothing happens to it any more.</summary>
    public bool IsEnded() => Status is TuningStatus.Succeeded or TuningStatus.Failed or TuningStatus.Cancelled;

    /// <summary>The job in another state, with an event that says so.</summary>
    public TuningJob Become(string status, string message, long at, string level = "info") =>
        this with
        {
            Status = status,
            FinishedAt = status is TuningStatus.Succeeded or TuningStatus.Failed or TuningStatus.Cancelled ? at : null,
            Events = Events.Add(new TuningEvent(at, level, message)),
        };
}

/// <summary>OpenAI's words for the states of a job.</summary>
internal static class TuningStatus
{
    /// <summary>Its data are read.</summary>
    public const string ValidatingFiles = "validating_files";

    /// <summary>It waits for those before it.</summary>
    public const string Queued = "queued";

    /// <summary>It trains; after a restart from the beginning, with the same result.</summary>
    public const string Running = "running";

    /// <summary>Its model is served.</summary>
    public const string Succeeded = "succeeded";

    /// <summary>It has no model, and says why.</summary>
    public const string Failed = "failed";

    /// <summary>It was cancelled.</summary>
    public const string Cancelled = "cancelled";
}

/// <summary>What a job trains.</summary>
/// <param name="Model">The model's name in the request.</param>
/// <param name="Root">The name of the model that its lineage began with.</param>
/// <param name="Checkpoint">The checkpoint that the training starts from.</param>
/// <param name="Generation0">The base model whose tokenizer and shape it has.</param>
/// <param name="TrainingFile">Id of the uploaded file; the job has a copy.</param>
/// <param name="Method">supervised or dpo.</param>
/// <param name="Epochs">Passes over the examples.</param>
/// <param name="Multiplier">Multiplier of the server's learning rate.</param>
/// <param name="LearningRate">The learning rate, multiplied.</param>
/// <param name="Beta">Beta of dpo.</param>
/// <param name="Seed">Seed of the order.</param>
/// <param name="Suffix">Part of the model's name, or null.</param>
/// <param name="Rank">Rank of the adapter that is trained; null for all weights.</param>
/// <param name="Alpha">Alpha of the adapter; null for all weights.</param>
/// <param name="Metadata">The user's own.</param>
/// <param name="IdempotencyKey">The key of the request; null if it had none.</param>
/// <param name="Request">SHA-256 of the request.</param>
internal sealed record TuningOrder(
    string Model,
    string Root,
    string Checkpoint,
    string Generation0,
    string TrainingFile,
    string Method,
    int Epochs,
    double Multiplier,
    double LearningRate,
    double Beta,
    long Seed,
    string? Suffix,
    int? Rank,
    double? Alpha,
    ImmutableSortedDictionary<string, string> Metadata,
    string? IdempotencyKey,
    string Request
)
{
    /// <summary>The method of preference training.</summary>
    public const string Dpo = "dpo";

    /// <summary>The method of training on answers.</summary>
    public const string Supervised = "supervised";
}

/// <summary>The result of a job.</summary>
/// <param name="Name">The model's name.</param>
/// <param name="Checkpoint">SHA-256 of its file.</param>
/// <param name="Tokens">Tokens read over all steps, prompts included.</param>
/// <param name="Steps">Number of steps.</param>
/// <param name="Loss">Loss of the last step.</param>
internal sealed record TuningResult(string Name, string Checkpoint, long Tokens, int Steps, double Loss);

/// <summary>Why a job failed.</summary>
/// <param name="Code">OpenAI's word for it.</param>
/// <param name="Message">The reason.</param>
/// <param name="Param">The member of the request that is the reason, or null.</param>
internal sealed record TuningError(string Code, string Message, string? Param);

/// <summary>Something that happened to a job.</summary>
/// <param name="At">Unix time, seconds.</param>
/// <param name="Level">info, warn or error.</param>
/// <param name="Message">In words.</param>
internal sealed record TuningEvent(long At, string Level, string Message);
