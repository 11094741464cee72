using AiMe.EventSourcing;

namespace AiMe.Actors;

/// <summary>What the actors of one host share. The container hands it to them.</summary>
public sealed class InstanceServices
{
    private const int ComfortablyResident = 1000; // some 32 KB each: below this, memory is no reason to hurry

    private int _writers;

    /// <param name="options">What the host carries.</param>
    /// <param name="effects">What the world does for the faculties.</param>
    /// <param name="observer">Sees what the host does.</param>
    internal InstanceServices(
        HostSettings options,
        IEffectRunner effects,
        IRuntimeObserver observer,
        TimeProvider time,
        HostLifecycle lifecycle
    ) => (Options, Effects, Observer, Time, Lifecycle) = (options, effects, observer, time, lifecycle);

    internal HostSettings Options { get; }

    internal IEffectRunner Effects { get; }

    internal IRuntimeObserver Observer { get; }

    internal TimeProvider Time { get; }

    internal HostLifecycle Lifecycle { get; }

    /// <summary>How commands travel.</summary>
    internal IMessageTransport Transport { get; init; } = DirectTransport.Instance;

    /// <summary>Which journal plugin the actors write through.</summary>
    internal string JournalPluginId { get; init; } = Persistence.JournalPlugin.Id;

    /// <summary>After which time the supervisor tells again what it owes; null where no message can be lost.</summary>
    internal TimeSpan? RetellEvery { get; init; }

    /// <summary>
    /// Whether an instance may leave this host, live on another, and come back: then each incarnation writes under an
    /// id of its own.
    /// </summary>
    internal bool InstancesMove { get; init; }

    /// <summary>
    /// What was decoded before, for a store in memory that is read by one thread; null to decode everything again.
    /// </summary>
    internal RowCache? Known { get; init; }

    /// <summary>Told of the actor of each stream as it is created, for an onlooker on the actors' own thread.</summary>
    internal Action<DeciderActor>? Created { get; init; }

    /// <summary>
    /// How long an instance rests before it leaves memory: the more instances are in memory, the shorter.
    /// </summary>
    internal TimeSpan PassivateAfter => Options.PassivateAfter * Math.Min(1, (double)ComfortablyResident / Math.Max(1, Lifecycle.Resident));

    /// <summary>The number of a faculty among those of an instance; -1 for a name that none has.</summary>
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

    /// <summary>
    /// The writer id of a new incarnation of an instance or of the supervisor. One that comes back to this host writes
    /// under another id, so no writer is ever seen to return.
    /// </summary>
    internal WriterId NewWriter() =>
        InstancesMove && Interlocked.Increment(ref _writers) is > 1 and var n
            ? WriterId.Of(
                (new Seed(0).Derive(Options.Writer.Value, n) + new Seed(1).Derive(Options.Writer.Value, n).ToString())[..WriterId.Digits]
            )
            : Options.Writer;
}
