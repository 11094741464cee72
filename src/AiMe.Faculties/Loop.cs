using System.Collections.Immutable;
using AiMe.EventSourcing;
using AiMe.Faculties.Curation;
using AiMe.Faculties.Curator;
using AiMe.Faculties.Memory;
using AiMe.Faculties.Reflector;
using AiMe.Faculties.Self;
using AiMe.Faculties.Supervisor;
using AiMe.Faculties.Trainer;

namespace AiMe.Faculties;

/// <summary>
/// The loop: five faculties, a supervisor, and every message between them. A test checks that faculties send no others. The
/// picture shows a cycle and the end of a round. The start, parking, and unplanned requests follow below.
/// </summary>
/// <remarks><code>
///  Supervisor --Live--> Self --Recall--> Memory --RecallFound--> Self --Reflect--> Reflector --Judge--> Curator --Store--> Memory
///       ^                ^                                                                                                  |
///       |                '--Adopt-- Trainer &lt;--Seal (the end of a round)---------------------------------------------------+
///       '--CycleClosed-- Self (the end of a round, after probes) &lt;--                otherwise --CycleClosed--> Supervisor -+
/// </code></remarks>
public static class Loop
{
    /// <summary>Answers stimuli and probes; keeps the self-model.</summary>
    public const string Self = "self";

    /// <summary>Stores the whole experience and recalls.</summary>
    public const string Memory = "memory";

    /// <summary>Reflects on every output.</summary>
    public const string Reflector = "reflector";

    /// <summary>Gives the verdict.</summary>
    public const string Curator = "curator";

    /// <summary>Trains, gates, promotes or rolls back.</summary>
    public const string Trainer = "trainer";

    /// <summary>Sends stimuli to all instances of a run.</summary>
    public const string Supervisor = "supervisor";

    /// <summary>The five faculties of an instance, in the order in which their heads make up its digest.</summary>
    public static ImmutableArray<FacultyDefinition> Faculties { get; } =
    [
        FacultyDefinition.Of<SelfDecider, SelfState, SelfCommand, SelfEvent>(Self, 3, () => FacultyJson.Default.SelfState),
        FacultyDefinition.Of<MemoryDecider, MemoryState, MemoryCommand, MemoryEvent>(Memory, 3, () => FacultyJson.Default.MemoryState),
        FacultyDefinition.Of<ReflectorDecider, ReflectorState, ReflectorCommand, ReflectorEvent>(Reflector, 2, () =>
            FacultyJson.Default.ReflectorState
        ),
        FacultyDefinition.Of<CuratorDecider, CuratorState, CuratorCommand, CuratorEvent>(Curator, 3, () =>
            FacultyJson.Default.CuratorState
        ),
        FacultyDefinition.Of<TrainerDecider, TrainerState, TrainerCommand, TrainerEvent>(Trainer, 4, () =>
            FacultyJson.Default.TrainerState
        ),
    ];

    /// <summary>The run's supervisor: a decider like the others.</summary>
    public static FacultyDefinition Supervision { get; } =
        FacultyDefinition.Of<SupervisorDecider, SupervisorState, SupervisorCommand, SupervisorEvent>(Supervisor, 5, () =>
            FacultyJson.Default.SupervisorState
        );

    // The start: the Supervisor starts the Self, and the Self starts the others one by one; the Trainer answers with generation 0.
    internal static Tell BeginSelf(InstanceSpec spec) => ToSelf(spec.Name, "begin " + spec.Name, new BeginSelf(spec));

    internal static Tell BeginMemory(InstanceSpec spec) => To(Memory, "begin", new BeginMemory(spec.Name, spec.Memory, spec.Every));

    internal static Tell BeginReflector(InstanceSpec spec) =>
        To(Reflector, "begin", new BeginReflector(spec.Charter, spec.Reflector, spec.Seed, spec.LoopVersion));

    internal static Tell BeginCurator(InstanceSpec spec) => To(Curator, "begin", new BeginCurator(spec.Name, spec.Curate, spec.Seed));

    internal static Tell BeginTrainer(InstanceSpec spec) => To(Trainer, "begin", new BeginTrainer(spec));

    internal static Tell Began(string faculty) => To(Self, "began", new FacultyBegan(faculty));

    // A cycle: one experience, from stimulus to storage.
    internal static Tell Live(string instance, int cycle, DateTime at, Stimulus? stimulus, Given? given = null) =>
        ToSelf(instance, $"live {instance} c{cycle}", new Live(cycle, at, stimulus, given));

    internal static Tell Recall(Recall recall) => To(Memory, $"{recall.For} recall", recall);

    internal static Tell RecallFound(Recalled found, Insight? newest) =>
        To(Self, $"{found.For} found", new RecallFound(found.For, found.Hits, newest));

    internal static Tell Reflect(Draft draft) => To(Reflector, $"c{draft.Cycle} reflect", new Reflect(draft));

    internal static Tell Judge(Draft draft, Reflection reflection, Insight? insight) =>
        To(Curator, $"c{draft.Cycle} judge", new Judge(draft, reflection, insight));

    internal static Tell Store(Store store) => To(Memory, $"c{store.Draft.Cycle} store", store);

    // A complete round with experiences that are held for people: the Supervisor collects their answers.
    internal static Tell AwaitReviews(HeldRound held, int cycle) =>
        ToSupervisor(
            $"r{held.Round} await reviews",
            new AwaitReviews(FacultyAddress.Here, held.Round, cycle, [.. held.Pool.Select(e => e.Id)], held.Terms)
        );

    internal static Tell SettleReviews(ReviewsSettled settled) =>
        new(
            $"settle reviews {settled.Instance} r{settled.Round}",
            new FacultyAddress(settled.Instance, Curator),
            new SettleReviews(settled.Round, settled.Settled)
        );

    internal static Tell SettleHeld(SettleReviews settled) =>
        To(Memory, $"r{settled.Round} settle held", new SettleHeld(settled.Round, settled.Settled));

    // The end of a round: the sealed batch becomes a candidate, the champion is adopted, the probes are answered.
    internal static Tell Seal(int round, IEnumerable<Example> kept) => To(Trainer, $"r{round} seal", new Seal(round, [.. kept]));

    internal static Tell Adopt(int generation, ModelId champion, RoundOutcome outcome, string? appointment = null) =>
        To(Self, $"{appointment ?? $"g{generation}"} adopt", new Adopt(generation, champion, outcome, appointment));

    // Unplanned requests: withdraw a stimulus, end a round early, use another model of the lineage, try again after
    // giving up.
    internal static Tell Withdraw(string instance, int cycle, string stimulus, string reason) =>
        ToSelf(instance, $"withdraw {instance} c{cycle}", new Withdraw(cycle, stimulus, reason));

    internal static Tell CallRound(string instance, int cycle, string id) =>
        ToSelf(instance, $"call round {instance} c{cycle}", new CallRound(cycle, id));

    internal static Tell CallModel(string instance, int cycle, string id, Input.Appointment wish) =>
        ToSelf(instance, $"call model {instance} {id}", new CallModel(cycle, id, wish.Model, wish.By, wish.Why, wish.Planned));

    internal static Tell Appoint(string id, SelfPhase.ChangingModel wish) =>
        To(Trainer, $"{id} appoint", new Appoint(id, wish.Model, wish.By, wish.Why, wish.Planned));

    // A scheduled intervention between two cycles: another policy.
    internal static Tell CallPolicy(string instance, int cycle, string id, Input.PolicyChange wish) =>
        ToSelf(instance, $"call policy {instance} {id}", new CallPolicy(cycle, id, wish.Policy));

    internal static Tell ApplyPolicy(string id, ImmutableArray<Rule> policy) =>
        To(Curator, $"{id} apply policy", new ApplyPolicy(id, policy));

    internal static Tell PolicyApplied(string id) => To(Self, $"{id} policy applied", new PolicyApplied(id));

    internal static Tell EndRound(InstanceSpec spec, int cycle) =>
        To(Memory, $"c{cycle} end round", new EndRound(cycle, Matched.In(spec.Curate) is null ? null : Matched.DrawSeed(spec.Seed)));

    internal static Tell TryAgain(string instance, int revival) => ToSelf(instance, $"try again {instance}", new TryAgain(revival));

    /// <summary>The commands to the other faculties of a fork, in this order, after its Self has become the fork.</summary>
    /// <param name="spec">The Self's, after <see cref="Forked"/>.</param>
    public static ImmutableArray<(string Faculty, Command Command)> Changes(InstanceSpec spec) =>
        [
            (Memory, new ChangeMemory(spec.Name, spec.Memory)),
            (Reflector, new ChangeReflector(spec.Reflector, spec.Seed)),
            (Curator, new ChangeCurator(spec.Curate, spec.Seed)),
            (Trainer, new ChangeTrainer(spec.Trainer, spec.Seed, spec.RejectedSampling)),
        ];

    // To the Supervisor. The host fills in the sender and the heads.
    internal static Tell CycleClosed(int cycle, string stimulus, int? generation) =>
        ToSupervisor($"c{cycle} closed", new CycleClosed(FacultyAddress.Here, cycle, stimulus, generation, Heads.None));

    internal static Tell CycleWithdrawn(int cycle, string stimulus, string reason) =>
        ToSupervisor($"c{cycle} withdrawn", new CycleWithdrawn(FacultyAddress.Here, cycle, stimulus, reason, Heads.None));

    internal static Tell GaveUp(int cycle, string stimulus, int revival, string error) =>
        ToSupervisor($"c{cycle} given up", new GaveUp(FacultyAddress.Here, cycle, stimulus, revival, error));

    internal static Tell Park(string reason) => ToSupervisor("park", new ParkInstance(FacultyAddress.Here, reason));

    private static Tell To(string faculty, string key, Command command) => new(key, FacultyAddress.Own(faculty), command);

    private static Tell ToSelf(string instance, string key, SelfCommand command) => new(key, new FacultyAddress(instance, Self), command);

    private static Tell ToSupervisor(string key, SupervisorCommand command) => new(key, FacultyAddress.Supervisor, command);
}
