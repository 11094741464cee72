using AiMe.Console.Output;
using AiMe.Faculties.Supervisor;
using AiMe.Journal;
using AiMe.Lab.History;
using AiMe.Lab.Runs;
using AiMe.Lab.Runs.Talk;

namespace AiMe.Console.Repl;

/// <summary>
/// Opens an instance for a conversation: hosts its run and creates the instance if it is new, or finds its host.
/// </summary>
internal sealed record TalkHost(RunConnection Visit, RunPlan Plan, bool IsNew, Owner? Owner)
{
    /// <summary>Opens the instance.</summary>
    /// <param name="cancellationToken">Cancels the creation.</param>
    /// <exception cref="AlreadyOwnedException">Another process is creating the instance.</exception>
    public static async Task<TalkHost> OpenAsync(
        EventStore store,
        TalkTarget target,
        int parallel,
        AnswerStream? stream,
        CancellationToken cancellationToken
    )
    {
        var run = new RunFollower(store.Journal, target.Run);
        await run.CatchUpAsync(cancellationToken);
        var known = run.State.Plan is null ? null : run.State;
        var owned = RunSession.OwnedName(target.Run, run.ShardOf(target.Instance));
        var owner = await store.Ownership.FindAsync(owned, cancellationToken);
        if (owner is not null && known is null)
            throw new AlreadyOwnedException(owner);
        var world = owner is null ? await RunDisplay.ShowAsync(display => PrepareAsync(display)) : null;
        var plan = known?.Plan ?? world!.PlanOf(target.Experiment!);
        var visit = new RunConnection(
            store,
            plan,
            token =>
                world is null ? PreparedModels.PrepareAsync(plan, store, parallel, stream, progress: null, token) : Task.FromResult(world),
            parallel,
            new TalkObserver(),
            TimeProvider.System
        );
        try
        {
            // Naming an instance by its settings resumes it if it is parked.
            if (owner is null && !await visit.TryHostAsync([target.Instance], revive: target.Experiment is not null, cancellationToken))
                owner = await store.Ownership.FindAsync(owned, cancellationToken);
            if (visit.Session is { } session)
                await session.UntilAsync(
                    state =>
                        state.Instances.GetValueOrDefault(target.Instance)
                            is { Status: InstanceState.Parked }
                                or { Generation: >= 0, Revived: false },
                    cancellationToken
                );
            await visit.CatchUpAsync(cancellationToken);
            return new TalkHost(visit, plan, known is null, owner);
        }
        catch
        {
            await visit.DisposeAsync();
            throw;
        }

        // The address of a server and its timeout may change between conversations, so they come from the experiment.
        Task<PreparedModels> PrepareAsync(RunDisplay display) =>
            target.Experiment is { } experiment
                ? PreparedModels.PrepareAsync(experiment, store, parallel, stream, display, cancellationToken)
                : PreparedModels.PrepareAsync(known!.Plan!, store, parallel, stream, display, cancellationToken);
    }
}
