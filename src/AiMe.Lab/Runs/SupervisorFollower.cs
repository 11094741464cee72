using AiMe.EventSourcing;
using AiMe.Faculties.Supervisor;
using AiMe.Lab.History;

namespace AiMe.Lab.Runs;

/// <summary>
/// Reads the events of a supervisor that runs in one of the processes that host the run, and repeats the command that
/// starts it until it has been taken.
/// </summary>
/// <param name="before">The supervisor's state before the session.</param>
internal sealed class SupervisorFollower(
    IJournal journal,
    IRuntime runtime,
    SessionWatch watch,
    StartRun start,
    SupervisorState? before,
    TimeProvider time
)
{
    private static readonly TimeSpan LookEvery = TimeSpan.FromMilliseconds(200),
        AgainAfter = TimeSpan.FromSeconds(5);

    /// <summary>Follows until cancelled. A read that is waiting for the store is then abandoned.</summary>
    public async Task FollowAsync(CancellationToken over)
    {
        var (follower, told) = (new RunFollower(journal, start.Plan.Run), time.GetTimestamp());
        using var look = new PeriodicTimer(LookEvery, time);
        try
        {
            do
            {
                await follower.CatchUpAsync(over);
                if (follower.Supervisors.FirstOrDefault(s => s.Shard == start.Shard) is { } supervised && supervised.State != watch.State)
                    watch.Moved(supervised.State);
                if (time.GetElapsedTime(told) > AgainAfter && !HasStarted())
                {
                    told = time.GetTimestamp();
                    await runtime.TellAsync(FacultyAddress.Supervisor, start); // a message to another process may have been lost
                }
            } while (await Heartbeat.NextAsync(look, over));
        }
        catch (OperationCanceledException) when (over.IsCancellationRequested)
        {
            // Cancelled.
        }
    }

    private bool HasStarted() =>
        watch.State.Plan is not null
        && (
            !start.Revive
            || before is null
            || before.Instances.All(l => l.Value.Status != InstanceState.Parked || watch.State.Instances[l.Key].Revivals > l.Value.Revivals)
        );
}
