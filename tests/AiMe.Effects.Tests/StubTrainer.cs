using AiMe.Models.Jobs;

namespace AiMe.Effects.Tests;

/// <summary>A trainer outside that answers as it is told to.</summary>
internal sealed class StubTrainer : ITrainingJobs
{
    public Func<JobOrder, string> Prepares { get; set; } = _ => "file-1";

    public Func<JobOrder, Submission> Submits { get; set; } = _ => new Submission.Made("job-1");

    public Func<string, JobSearch> Finds { get; set; } = _ => new JobSearch.Found("job-1");

    public Func<string, JobLook> Looks { get; set; } = _ => new JobLook.Done("tuned", 640);

    public List<JobOrder> Ordered { get; } = [];

    public byte[] Dataset { get; private set; } = [];

    public int LooksTaken { get; private set; }

    public Task<string> PrepareAsync(
        JobOrder order,
        int attempt,
        string held,
        ReadOnlyMemory<byte> dataset,
        CancellationToken cancellationToken
    )
    {
        Dataset = dataset.ToArray();
        return Task.FromResult(Prepares(order));
    }

    public Task<Submission> SubmitAsync(JobOrder order, string data, CancellationToken cancellationToken)
    {
        Ordered.Add(order);
        return Task.FromResult(Submits(order));
    }

    public Task<JobSearch> FindAsync(string key, string data, CancellationToken cancellationToken) => Task.FromResult(Finds(key));

    public Task<JobLook> LookAsync(string key, string job, CancellationToken cancellationToken)
    {
        LooksTaken++;
        return Task.FromResult(Looks(job));
    }
}

/// <summary>A clock that stands still but for waits, each of which is over at once and takes as long as it says.</summary>
internal sealed class FakeTime : TimeProvider
{
    private long _ticks;

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public TimeSpan Passed => TimeSpan.FromTicks(Interlocked.Read(ref _ticks));

    public override long GetTimestamp() => Interlocked.Read(ref _ticks);

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        if (dueTime > TimeSpan.Zero)
            Interlocked.Add(ref _ticks, dueTime.Ticks);
        return System.CreateTimer(callback, state, dueTime < TimeSpan.Zero ? dueTime : TimeSpan.Zero, period);
    }
}
