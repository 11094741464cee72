using System.Collections.Immutable;
using System.Security.Cryptography;
using AiMe.Journal;
using AiMe.Kernel;
using AiMe.Mind;
using AiMe.Runtime;

using Store = AiMe.Journal.Store;

namespace AiMe.Lab;

/// <summary>How a run ended.</summary>
/// <param name="Digest">Run digest, or null where it was interrupted.</param>
/// <param name="Lived">Experiences of this session.</param>
public sealed record RunOutcome(string Run, string? Digest, int Lived, TimeSpan Took);

/// <summary>Runs an experiment on the local runtime. The same experiment on the same store is the same run: it resumes.</summary>
public static class RunHost
{
    private static readonly TimeSpan HeartbeatEvery = TimeSpan.FromSeconds(5);

    /// <summary>Runs until every instance has finished or is parked, or until interrupted.</summary>
    /// <param name="observer">Told of every event and every trouble.</param>
    /// <param name="interrupt">Ends gently: what is in flight is finished.</param>
    /// <param name="now">Ends at once: what is in flight is left as owed.</param>
    /// <exception cref="AlreadyOwnedException">Another process runs it.</exception>
    public static async Task<RunOutcome> RunAsync(RunPlan plan, Store store, IEffects effects, int parallel, IRuntimeObserver observer, TimeProvider time, CancellationToken interrupt, CancellationToken now)
    {
        var began = time.GetTimestamp();
        var writer = new WriterId(RandomNumberGenerator.GetHexString(32, lowercase: true)); // the one place that makes an id from nothing
        var names = plan.Instances.Select(i => $"{plan.Run}/{RunPlan.NameOf(i.Variant, i.Replicate)}").ToImmutableArray();
        var held = await store.Ownership.ClaimAsync([plan.Run, .. names], OwnerInfo.Here(writer), CancellationToken.None);
        try
        {
            var before = await LifeReader.ReadRunAsync(store.Journal, plan.Run, CancellationToken.None);
            if (before is not null && before.Plan!.Base != plan.Base)
                throw new JournalException($"The run {plan.Run} began with the base model {before.Plan.Base.Short}, but the one at hand is {plan.Base.Short}: use the build and the models directory that it began with, or another --store.");
            if (before?.Digest is { } digest)
                return new RunOutcome(plan.Run, digest, Lived: 0, time.GetElapsedTime(began));

            var watch = new EndWatch(observer);
            await using (var runtime = new LocalRuntime(Options(plan.Run, writer, parallel), store.Journal, store.Snapshots, effects, watch, time))
            {
                await runtime.TellAsync(Address.Supervisor, new StartRun(plan));
                var stop = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
                await using var onInterrupt = interrupt.Register(() => stop.TrySetResult());
                using var over = new CancellationTokenSource();
                var guard = GuardAsync(runtime, watch, store, held, writer, time, over.Token);
                var first = await Task.WhenAny(watch.Ended, runtime.Failure, stop.Task, guard);
                await over.CancelAsync();
                await runtime.StopAsync(now);
                if (runtime.Failure.IsFaulted)
                    await runtime.Failure;
                if (first == guard && watch.Digest is null)
                    await guard;
            }

            return new RunOutcome(plan.Run, watch.Digest, watch.Lived, time.GetElapsedTime(began));
        }
        finally
        {
            await store.Ownership.ReleaseAsync(held, writer, CancellationToken.None);
        }
    }

    // Keeps the ownership alive, and sees to it that a run either goes on or says why not.
    private static async Task GuardAsync(LocalRuntime runtime, EndWatch watch, Store store, ImmutableArray<Owned> held, WriterId writer, TimeProvider time, CancellationToken over)
    {
        using var beat = new PeriodicTimer(HeartbeatEvery, time);
        var idle = 0;
        try
        {
            while (await beat.WaitForNextTickAsync(over))
            {
                if (await store.Ownership.HeartbeatAsync(held, writer, over) is { IsEmpty: false } lost)
                    throw new JournalException($"Another process has taken over {string.Join(", ", lost)}: this one was silent for too long. What it had made durable is kept; let the other go on.");
                idle = runtime.IsIdle ? idle + 1 : 0;
                if (idle == 2 && !watch.Ended.IsCompleted)
                    throw new StalledException("The run has stalled: nothing is in hand, yet it has not ended. This is a bug of AiMe. Nothing is lost; the same command may go on, and the journal shows where it stands.");
            }
        }
        catch (OperationCanceledException) when (over.IsCancellationRequested)
        {
            // The run is over.
        }
    }

    private static RuntimeOptions Options(string run, WriterId writer, int parallel) => new()
    {
        Run = run,
        Writer = writer,
        Faculties = Loop.Faculties,
        Supervision = Loop.Supervision,
        Catalogue = MindEvents.Catalogue,
        Park = (instance, why) => new ParkInstance(instance, why),
        Parallel = parallel,
    };

    // Hands everything on, and knows when the run has ended.
    private sealed class EndWatch(IRuntimeObserver next) : IRuntimeObserver
    {
        private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private int _lived;

        public Task Ended => _ended.Task;

        public string? Digest { get; private set; }

        public int Lived => Volatile.Read(ref _lived);

        public void Happened(string instance, string faculty, Event happened)
        {
            if (happened is Stored)
                Interlocked.Increment(ref _lived);
            next.Happened(instance, faculty, happened);
            if (happened is RunEnded ended)
            {
                Digest = ended.Digest;
                _ended.TrySetResult();
            }
        }

        public void Refused(string instance, string faculty, Command command, string why) => next.Refused(instance, faculty, command, why);

        public void Restarting(string instance, Exception failure, int attempt, TimeSpan pause) => next.Restarting(instance, failure, attempt, pause);
    }
}

/// <summary>A run neither goes on nor ends.</summary>
public sealed class StalledException(string message) : Exception(message);
