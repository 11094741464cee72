using AiMe.EventSourcing;
using AiMe.Faculties;
using AiMe.Faculties.Trainer;
using AiMe.Simulation.Machine;

namespace AiMe.Simulation;

/// <summary>
/// A training server. It is unaffected by crashes of the simulated process, and messages to it arrive even if their
/// sender is gone.
/// </summary>
/// <remarks>It creates a job for every submission: to submit once is the client's responsibility.</remarks>
/// <param name="made">Called with the key of every created job.</param>
internal sealed class JobServer(SimulatedMachine machine, Scenario scenario, Action<string> made)
{
    private const double Trouble = 0.1;
    private const double Impatience = 0.25;

    private readonly Dictionary<string, string> _jobs = new(StringComparer.Ordinal);
    private readonly HashSet<string> _files = new(StringComparer.Ordinal);
    private readonly List<(TimeSpan At, SubmitJob Submission)> _inTransit = [];

    /// <summary>Runs an effect; its process may be gone before the answer arrives.</summary>
    public async Task<Command> AnswerAsync(string instance, JobEffect effect)
    {
        if (effect is SubmitJob submission)
            return await SubmitAsync(submission);
        await machine.LingerAsync();
        if (machine.Dice.Chance(Trouble))
            return new JobAskingFailed(effect.Plan.Round, TryOf(effect), "500: the server failed");
        Arrive();
        return effect switch
        {
            PrepareJob e => Prepare(instance, e),
            FindJob e => await FindAsync(instance, e),
            AwaitJob e when ScriptedOutcome.Of(scenario.World.Seed, instance, e.Job).Unit < scenario.World.TrainingFails =>
                new TrainingFailed(e.Plan.Round, "the job failed"),
            AwaitJob e => new ModelTrained(e.Plan.Round, new ModelId($"of-{e.Job}"), new TrainingFigures(3, 90, 4, 3, 2)),
            _ => throw new System.Diagnostics.UnreachableException(),
        };
    }

    private static int TryOf(JobEffect effect) =>
        effect switch
        {
            PrepareJob e => e.Try,
            FindJob e => e.Try,
            AwaitJob e => e.Try,
            _ => 1,
        };

    private JobPrepared Prepare(string instance, PrepareJob e)
    {
        var file = e.Data.Length > 0 ? e.Data : $"file-{instance}-{e.Plan.Round}-{e.Attempt}";
        _files.Add(file);
        return new JobPrepared(e.Plan.Round, e.Attempt, JobKey.Of(scenario.Plan.Run, instance, e.Plan), file);
    }

    private async Task<Command> SubmitAsync(SubmitJob e)
    {
        if (machine.Dice.Chance(Trouble))
            return new JobRefused(e.Plan.Round, e.Attempt, "429: too many requests", Final: false);
        var way = machine.Faults.Slow > 0 ? machine.Dice.UpTo(machine.Faults.Slowness) : TimeSpan.Zero;
        if (!machine.Dice.Chance(Trouble)) // else it is lost in transit
            _inTransit.Add((machine.Clock.Elapsed + way, e));
        if (way > TimeSpan.Zero && !machine.Dice.Chance(Impatience)) // else the client stops waiting
            await machine.Clock.PauseAsync(way);
        Arrive();
        if (machine.Dice.Chance(Trouble) || _inTransit.Any(u => u.Submission == e))
            return new SubmissionLost(e.Plan.Round, e.Attempt, "no answer within 60 seconds");
        if (_jobs.TryGetValue(e.JobKey, out var job))
            return new JobSubmitted(e.Plan.Round, e.JobKey, job);
        return _files.Contains(e.Data)
            ? new SubmissionLost(e.Plan.Round, e.Attempt, "no answer within 60 seconds")
            : new JobRefused(e.Plan.Round, e.Attempt, "400: no such file", Final: false);
    }

    // The training data is removed before the job is reported as absent, so that a submission still in transit creates
    // no job.
    private async Task<Command> FindAsync(string instance, FindJob e)
    {
        if (e.JobKey != JobKey.Of(scenario.Plan.Run, instance, e.Plan))
            return new JobOfAnother(e.Plan.Round, e.JobKey);
        if (_jobs.TryGetValue(e.JobKey, out var job))
            return new JobSubmitted(e.Plan.Round, e.JobKey, job);
        await machine.LingerAsync();
        Arrive();
        _files.Remove(e.Data);
        await machine.LingerAsync();
        Arrive();
        return _jobs.TryGetValue(e.JobKey, out var late)
            ? new JobSubmitted(e.Plan.Round, e.JobKey, late)
            : new JobAbsent(e.Plan.Round, e.Attempt);
    }

    private void Arrive()
    {
        foreach (var arrived in _inTransit.FindAll(u => u.At <= machine.Clock.Elapsed))
        {
            _inTransit.Remove(arrived);
            var submission = arrived.Submission;
            if (!_files.Contains(submission.Data))
            {
                machine.Schedule?.Note("job server", $"refuses {submission.JobKey}: its file was removed");
                continue;
            }

            _jobs.TryAdd(submission.JobKey, $"job-{submission.JobKey}");
            machine.Schedule?.Note("job server", $"creates a job for {submission.JobKey}");
            made(submission.JobKey);
        }
    }
}
