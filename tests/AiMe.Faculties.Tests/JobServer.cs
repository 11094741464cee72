using AiMe.EventSourcing;
using AiMe.Faculties.Trainer;

namespace AiMe.Faculties.Tests;

/// <summary>What becomes of a submission.</summary>
internal enum Fate
{
    /// <summary>A job is made and its id comes back.</summary>
    Made,

    /// <summary>A job is made; the answer is lost.</summary>
    MadeAndLost,

    /// <summary>The submission is lost on its way; no answer comes.</summary>
    LostOnItsWay,

    /// <summary>No answer comes, and the submission arrives later: at the next look at the server's list, just after it was read.</summary>
    Late,

    /// <summary>Refused for now (429): no job.</summary>
    Busy,

    /// <summary>Refused for ever (400): no job.</summary>
    Forbidden,
}

/// <summary>A server for training jobs in memory, which no crash of ours touches. It makes a job for every submission that reaches it: to submit once is not its duty.</summary>
internal sealed class JobServer
{
    public const string Run = "test";

    private readonly Dictionary<string, List<string>> _jobs = new(StringComparer.Ordinal);
    private readonly HashSet<string> _files = new(StringComparer.Ordinal);
    private readonly List<SubmitJob> _late = [];

    /// <summary>By instance, round and attempt.</summary>
    public Func<string, SubmitJob, Fate> Fate { get; init; } = (_, _) => Tests.Fate.Made;

    /// <summary>Whether a question (all but a submission) fails.</summary>
    public Func<string, JobEffect, bool> IsGone { get; init; } = (_, _) => false;

    /// <summary>Whether its jobs can be listed.</summary>
    public Func<string, FindJob, bool> Lists { get; init; } = (_, _) => true;

    /// <summary>Whether what a job would learn from is taken back before "there is none" is said. A client that leaves it out submits twice.</summary>
    public bool Revokes { get; init; } = true;

    /// <summary>Jobs made, by key.</summary>
    public IReadOnlyDictionary<string, List<string>> Jobs => _jobs;

    public Command Answer(string instance, JobEffect effect)
    {
        var round = effect.Plan.Round;
        return effect switch
        {
            PrepareJob e when IsGone(instance, e) => new JobAskingFailed(round, e.Try, "503"),
            PrepareJob e => Prepare(instance, e),
            SubmitJob e => Submit(instance, e),
            FindJob e when e.JobKey != KeyOf(instance, e) => new JobOfAnother(round, e.JobKey),
            FindJob e when IsGone(instance, e) => new JobAskingFailed(round, e.Try, "503"),
            FindJob e when !Lists(instance, e) => new JobUnknowable(round, e.Attempt, "it lists no jobs"),
            FindJob e => Find(e),
            AwaitJob e when e.JobKey != KeyOf(instance, e) => new JobOfAnother(round, e.JobKey),
            AwaitJob e when IsGone(instance, e) => new JobAskingFailed(round, e.Try, "503"),
            AwaitJob { Look: < 3 } e => new JobUnderWay(round, e.JobKey, e.Look),
            AwaitJob { Plan.Round: 3 } => new TrainingFailed(round, "the job failed"),
            AwaitJob e => new ModelTrained(round, new ModelId("of " + e.Job), Some.Figures),
            _ => throw new System.Diagnostics.UnreachableException(),
        };
    }

    private static string KeyOf(string instance, JobEffect effect) => JobKey.Of(Run, instance, effect.Plan);

    private JobPrepared Prepare(string instance, PrepareJob e)
    {
        var file = e.Data.Length > 0 ? e.Data : $"file {instance} {e.Plan.Round} {e.Attempt}";
        _files.Add(file);
        return new JobPrepared(e.Plan.Round, e.Attempt, KeyOf(instance, e), file);
    }

    private Command Submit(string instance, SubmitJob e)
    {
        switch (Fate(instance, e))
        {
            case Tests.Fate.Made:
                return Make(e)
                    ? new JobSubmitted(e.Plan.Round, e.JobKey, _jobs[e.JobKey][^1])
                    : new JobRefused(e.Plan.Round, e.Attempt, "no such file", Final: false);
            case Tests.Fate.MadeAndLost:
                Make(e);
                return new SubmissionLost(e.Plan.Round, e.Attempt, "timeout");
            case Tests.Fate.Late:
                _late.Add(e);
                return new SubmissionLost(e.Plan.Round, e.Attempt, "timeout");
            case Tests.Fate.LostOnItsWay:
                return new SubmissionLost(e.Plan.Round, e.Attempt, "timeout");
            case Tests.Fate.Busy:
                return new JobRefused(e.Plan.Round, e.Attempt, "429", Final: false);
            case Tests.Fate.Forbidden:
                return new JobRefused(e.Plan.Round, e.Attempt, "400: this model cannot be trained", Final: true);
            default:
                throw new System.Diagnostics.UnreachableException();
        }
    }

    // What would be learned from is taken back first: what is not listed after that cannot come any more.
    private Command Find(FindJob e)
    {
        if (Listed(e) is { } job)
            return new JobSubmitted(e.Plan.Round, e.JobKey, job);
        if (Revokes)
            _files.Remove(e.Data);
        _late.RemoveAll(late => late.JobKey == e.JobKey && (Make(late) || true));
        return Revokes && Listed(e) is { } arrived
            ? new JobSubmitted(e.Plan.Round, e.JobKey, arrived)
            : new JobAbsent(e.Plan.Round, e.Attempt);
    }

    private string? Listed(FindJob e) => _jobs.TryGetValue(e.JobKey, out var jobs) ? jobs[0] : null;

    private bool Make(SubmitJob e)
    {
        if (!_files.Contains(e.Data))
            return false;
        if (!_jobs.TryGetValue(e.JobKey, out var jobs))
            _jobs[e.JobKey] = jobs = [];
        jobs.Add($"job {jobs.Count + 1} {e.JobKey}");
        return true;
    }
}
