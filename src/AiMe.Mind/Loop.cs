using System.Collections.Immutable;
using AiMe.Kernel;

namespace AiMe.Mind;

/// <summary>
/// The loop: five faculties and a supervisor, and every message between them. Faculties send no others; a test says so. The picture
/// shows a cycle and a round's end; birth and parking stand below.
/// </summary>
/// <remarks><code>
///  Supervisor --Live--> Self --Recall--> Memory --RecallFound--> Self --Reflect--> Reflector --Judge--> Curator --Store--> Memory
///       ^                ^                                                                                                  |
///       |                '--Adopt-- Trainer &lt;--Seal (a round's end)--------------------------------------------------------+
///       '--CycleClosed-- Self (a round's end, after the probes) &lt;--                 otherwise --CycleClosed--> Supervisor -+
/// </code></remarks>
public static class Loop
{
    /// <summary>Speaks, recalls, keeps the self-model, sits the probes.</summary>
    public const string Self = "self";

    /// <summary>Stores the whole experience and recalls.</summary>
    public const string Memory = "memory";

    /// <summary>Reflects on every output.</summary>
    public const string Reflector = "reflector";

    /// <summary>Gives the verdict.</summary>
    public const string Curator = "curator";

    /// <summary>Trains, gates, promotes or rolls back.</summary>
    public const string Trainer = "trainer";

    /// <summary>Feeds stimuli to all instances of a run.</summary>
    public const string Supervisor = "supervisor";

    /// <summary>The five faculties of an instance, in the order in which their heads make up its digest.</summary>
    public static ImmutableArray<Faculty> Faculties { get; } =
    [
        Faculty.Of<SelfDecider, SelfState, SelfCommand, SelfEvent>(Self, 1, MindJson.Default.SelfState),
        Faculty.Of<MemoryDecider, MemoryState, MemoryCommand, MemoryEvent>(Memory, 1, MindJson.Default.MemoryState),
        Faculty.Of<ReflectorDecider, ReflectorState, ReflectorCommand, ReflectorEvent>(Reflector, 1, MindJson.Default.ReflectorState),
        Faculty.Of<CuratorDecider, CuratorState, CuratorCommand, CuratorEvent>(Curator, 1, MindJson.Default.CuratorState),
        Faculty.Of<TrainerDecider, TrainerState, TrainerCommand, TrainerEvent>(Trainer, 1, MindJson.Default.TrainerState),
    ];

    /// <summary>The run's supervisor: a decider like the others.</summary>
    public static Faculty Supervision { get; } =
        Faculty.Of<SupervisorDecider, SupervisorState, SupervisorCommand, SupervisorEvent>(Supervisor, 1, MindJson.Default.SupervisorState);

    // Birth: the Supervisor wakes the Self, and the Self the others one by one; the Trainer answers with generation 0.
    internal static Tell BeginSelf(InstanceSpec spec) => new("begin " + spec.Name, new Address(spec.Name, Self), new BeginSelf(spec));
    internal static Tell BeginMemory(InstanceSpec spec) => To(Memory, "begin", new BeginMemory(spec.Name, spec.Memory, spec.Every));
    internal static Tell BeginReflector(InstanceSpec spec) => To(Reflector, "begin", new BeginReflector(spec.Charter, spec.Reflector, spec.Seed));
    internal static Tell BeginCurator(InstanceSpec spec) => To(Curator, "begin", new BeginCurator(spec.Name, spec.Curate, spec.Seed));
    internal static Tell BeginTrainer(InstanceSpec spec) => To(Trainer, "begin", new BeginTrainer(spec));
    internal static Tell Began(string faculty) => To(Self, "began", new FacultyBegan(faculty));

    // A cycle: one experience, from stimulus to storage.
    internal static Tell Live(string instance, int cycle, DateTime at, Stimulus? stimulus) => new($"live {instance} c{cycle}", new Address(instance, Self), new Live(cycle, at, stimulus));
    internal static Tell Recall(RecallFor reason, ImmutableArray<string> queries, DateTime at) => To(Memory, $"{reason} recall", new Recall(reason, queries, at));
    internal static Tell RecallFound(Recalled found, Insight? newest) => To(Self, $"{found.For} found", new RecallFound(found.For, found.Hits, newest));
    internal static Tell Reflect(Draft draft) => To(Reflector, $"c{draft.Cycle} reflect", new Reflect(draft));
    internal static Tell Judge(Draft draft, Reflection reflection, Insight? insight) => To(Curator, $"c{draft.Cycle} judge", new Judge(draft, reflection, insight));
    internal static Tell Store(Store store) => To(Memory, $"c{store.Draft.Cycle} store", store);

    // A round's end: the sealed batch becomes a candidate, the champion is adopted, the probes are asked.
    internal static Tell Seal(int round, IEnumerable<Example> kept) => To(Trainer, $"r{round} seal", new Seal(round, [.. kept]));
    internal static Tell Adopt(int generation, ModelId champion, RoundOutcome outcome) => To(Self, $"g{generation} adopt", new Adopt(generation, champion, outcome));

    // Back to the Supervisor.
    internal static Tell CycleClosed(string instance, int cycle, int? generation) => new($"c{cycle} closed", Address.Supervisor, new CycleClosed(instance, cycle, generation, Heads.None));
    internal static Tell Park(string instance, string reason) => new("park", Address.Supervisor, new ParkInstance(instance, reason));

    private static Tell To(string faculty, string key, Command command) => new(key, Address.Own(faculty), command);
}
