using AiMe.Actors.Tracing;
using AiMe.EventSourcing;

namespace AiMe.Actors;

/// <summary>Services that the actors of one host share.</summary>
public sealed class InstanceServices
{
    private const int ComfortablyResident = 1000; // some 32 KB each: up to this number, memory is no concern

    private int _writers;

    /// <param name="options">Settings of the run.</param>
    /// <param name="effects">Runs the faculties' effects.</param>
    /// <param name="observer">Is notified of what the host does.</param>
    internal InstanceServices(
        HostSettings options,
        IEffectRunner effects,
        IRuntimeObserver observer,
        TimeProvider time,
        HostLifecycle lifecycle
    ) => (Options, Effects, Observer, Time, Lifecycle, Spans) = (options, effects, observer, time, lifecycle, new CycleSpans(options));

    internal HostSettings Options { get; }

    internal IEffectRunner Effects { get; }

    internal IRuntimeObserver Observer { get; }

    internal TimeProvider Time { get; }

    internal HostLifecycle Lifecycle { get; }

    /// <summary>The spans of open cycles; shared with what runs the effects.</summary>
    internal CycleSpans Spans { get; init; }

    /// <summary>Carries commands between actors.</summary>
    internal IMessageTransport Transport { get; init; } = DirectTransport.Instance;

    /// <summary>Id of the journal plugin that the actors write through.</summary>
    internal string JournalPluginId { get; init; } = Persistence.JournalPlugin.Id;

    /// <summary>Interval after which the supervisor resends pending messages; null if no message can be lost.</summary>
    internal TimeSpan? ResendEvery { get; init; }

    /// <summary>Whether instances move between hosts: then each incarnation writes under its own writer id.</summary>
    internal bool InstancesMove { get; init; }

    /// <summary>
    /// Cache of decoded rows, for an in-memory store that one thread reads; null to decode each row again.
    /// </summary>
    internal RowCache? Rows { get; init; }

    /// <summary>
    /// Whether the store writes a snapshot's bytes itself: an in-memory store that keeps states does it when they are read.
    /// </summary>
    internal bool WritesSnapshotsLate { get; init; }

    /// <summary>
    /// Called with the actor of each stream as it is created; lets the simulator observe it on its own thread.
    /// </summary>
    internal Action<DeciderActor>? Created { get; init; }

    /// <summary>Idle time after which an instance leaves memory; shorter the more instances are in memory.</summary>
    internal TimeSpan PassivateAfter => Options.PassivateAfter * Math.Min(1, (double)ComfortablyResident / Math.Max(1, Lifecycle.Resident));

    /// <summary>0-based index of a faculty in an instance; -1 for an unknown name.</summary>
    internal int StreamOf(string faculty)
    {
        var faculties = Options.Faculties;
        for (var stream = 0; stream < faculties.Length; stream++)
        {
            if (faculties[stream].Name == faculty)
                return stream;
        }

        return -1;
    }

    /// <summary>The writer id of a new incarnation of an instance or of the supervisor.</summary>
    /// <remarks>An instance that comes back to this host writes under a new id, so a writer id never returns.</remarks>
    internal WriterId NewWriter() =>
        InstancesMove && Interlocked.Increment(ref _writers) is > 1 and var n
            ? WriterId.Of(
                (new Seed(0).Derive(Options.Writer.Value, n) + new Seed(1).Derive(Options.Writer.Value, n).ToString())[..WriterId.Digits]
            )
            : Options.Writer;
}
