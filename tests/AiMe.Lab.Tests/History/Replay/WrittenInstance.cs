using System.Collections.Immutable;
using AiMe.EventSourcing;
using AiMe.Faculties;
using AiMe.Faculties.Curation;
using AiMe.Faculties.Curator;
using AiMe.Faculties.Memory;
using AiMe.Faculties.Reflector;
using AiMe.Faculties.Self;
using AiMe.Faculties.Supervisor;
using AiMe.Faculties.Trainer;
using AiMe.Journal;
using AiMe.Lab.Tests.Analysis.Comparison;

namespace AiMe.Lab.Tests.History.Replay;

/// <summary>An instance written event by event into a journal in memory, indexed over its five streams and chained as the host does it; four cycles a round, nothing trained.</summary>
internal sealed class WrittenInstance
{
    public const string Instance = "wild-1";
    public const int EventsOfBirth = 7,
        EventsOfCycle = 7,
        EventsOfRound = 3,
        Every = 4;

    private static readonly WriterId Writer = new("writer-1");
    private readonly Dictionary<string, (long Number, Link Head)> _ends = Loop.Faculties.ToDictionary(
        f => f.Name,
        f => (0L, Link.Before(f.Name)),
        StringComparer.Ordinal
    );
    private readonly Dictionary<string, List<JournalEntry>> _waiting = Loop.Faculties.ToDictionary(
        f => f.Name,
        _ => new List<JournalEntry>(),
        StringComparer.Ordinal
    );
    private long _index;

    private WrittenInstance(RunPlan plan, IJournal journal) => (Plan, Journal) = (plan, journal);

    public RunPlan Plan { get; }

    public IJournal Journal { get; }

    /// <summary>The run as its supervisor knows it: the instance is not finished.</summary>
    public SupervisorState Run => SupervisorDecider.Evolve(SupervisorDecider.Initial, new RunPlanned(Plan));

    /// <summary>Events so far.</summary>
    public long Length => _index;

    public Heads Heads => new([.. Loop.Faculties.Select(f => _ends[f.Name].Head)]);

    /// <summary>An instance of so many whole cycles.</summary>
    public static Task<WrittenInstance> OfAsync(int cycles) => OfAsync(cycles, new InMemoryJournal(TimeProvider.System));

    /// <param name="model">Of generation 0.</param>
    public static async Task<WrittenInstance> OfAsync(int cycles, IJournal journal, ModelId? model = null)
    {
        var plan = Lives.Plan(1, Lives.Variant("wild"));
        var instance = new WrittenInstance(plan with { Base = model ?? plan.Base }, journal);
        instance.Birth();
        for (var cycle = 1; cycle <= cycles; cycle++)
            instance.Cycle(cycle);
        await instance.FlushAsync();
        return instance;
    }

    /// <summary>One more event, not yet durable.</summary>
    public void Add(Event happened)
    {
        var manifest = FacultyEvents.Codec.ManifestOf(happened);
        var faculty = manifest[..manifest.IndexOf('.', StringComparison.Ordinal)];
        var (number, head) = _ends[faculty];
        var data = FacultyEvents.Codec.Write(happened);
        var link = head.Next(number + 1, ++_index, manifest, data);
        _waiting[faculty].Add(new JournalEntry(number + 1, manifest, new EventEnvelope(_index, data, link).Write()));
        _ends[faculty] = (number + 1, link);
    }

    public async Task FlushAsync()
    {
        foreach (var (faculty, entries) in _waiting.Where(w => w.Value.Count > 0))
        {
            await Journal.AppendAsync(
                PersistenceId.Of(Plan.Run, new FacultyAddress(Instance, faculty)),
                Writer,
                [.. entries],
                CancellationToken.None
            );
            entries.Clear();
        }
    }

    /// <summary>The supervisor's stream: planned, finished, ended.</summary>
    public async Task FinishAsync()
    {
        var head = Link.Before(Loop.Supervisor);
        var entries = new List<JournalEntry>();
        SupervisorEvent[] events =
        [
            new RunPlanned(Plan),
            new InstanceFinished(Instance, 9, Heads),
            new RunEnded(
                SupervisorState.DigestOf([
                    KeyValuePair.Create(
                        Instance,
                        InstanceProgress.Unborn(1, "wild") with
                        {
                            Status = InstanceState.Finished,
                            Heads = Heads,
                        }
                    ),
                ]),
                1,
                0
            ),
        ];
        foreach (var happened in events)
        {
            var (number, manifest, data) = (
                entries.Count + 1,
                FacultyEvents.Codec.ManifestOf(happened),
                FacultyEvents.Codec.Write(happened)
            );
            head = head.Next(number, number, manifest, data);
            entries.Add(new JournalEntry(number, manifest, new EventEnvelope(number, data, head).Write()));
        }

        await Journal.AppendAsync(PersistenceId.Of(Plan.Run, FacultyAddress.Supervisor), Writer, [.. entries], CancellationToken.None);
    }

    public void Cycle(int cycle) =>
        Cycle(cycle, $"Question {cycle}?", $"Answer {cycle}.", cycle % 3 == 0 ? Verdict.Reject : Verdict.Keep, []);

    /// <param name="others">Candidates that were not chosen.</param>
    public void Cycle(int cycle, string question, string answer, Verdict verdict, string[] others)
    {
        var (id, at) = (MemoryId.OfCycle(cycle), Plan.Epoch + cycle * Plan.Tick);
        var reflection = new Reflection($"Thought {cycle}.", 0.5, 0.25, cycle % 9 + 1);
        var stimulus = new Stimulus($"s{cycle}", question, "talk");
        Add(new Heard(cycle, at, stimulus));
        Add(
            new Recalled(
                RecallFor.OfCycle(cycle),
                at,
                [
                    [],
                ]
            )
        );
        Add(new Prompted(cycle, Plan.Base, Prompt.Bare(Plan.Charter, stimulus)));
        Add(new Answered(cycle, [.. others.Prepend(answer).Select(text => new Candidate(text, 5, -4, "stop", Scores.Undefined))], 0));
        Add(new Reflected(cycle, reflection));
        Add(
            new Judged(
                cycle,
                new Judgement(
                    verdict,
                    [new RuleColumn("keep-all", double.NaN, verdict == Verdict.Keep ? Vote.Keep : Vote.Reject, $"column of {cycle}")],
                    0.5,
                    0.25
                ),
                Scores.Undefined,
                new Embedding([1, (sbyte)(cycle % 100)])
            )
        );
        Add(
            new Stored(
                question,
                answer,
                reflection.Text,
                at,
                id,
                cycle,
                (cycle - 1) / Every + 1,
                "talk",
                Internal: false,
                [],
                Scores.Undefined,
                0.5,
                reflection.Importance,
                verdict,
                [],
                Plan.Base,
                Prompt.Bare(Plan.Charter, stimulus),
                new Embedding([1, (sbyte)(cycle % 100)]),
                Heads
            )
        );
        if (cycle % Every != 0)
            return;
        Add(new Skipped(cycle / Every, "the variant is never trained"));
        Add(new Adopted(cycle / Every, Plan.Base, RoundOutcome.Untrained));
        Add(Probes(cycle / Every));
    }

    private void Birth()
    {
        var spec = Plan.Spec(Plan.Variants[0], 1);
        Add(new SelfBegan(spec));
        Add(new MemoryBegan(spec.Name, spec.Memory, spec.Every));
        Add(new ReflectorBegan(spec.Charter, spec.Reflector, spec.Seed));
        Add(new CuratorBegan(spec.Name, spec.Curate, spec.Seed));
        Add(new TrainerBegan(spec.Trainer, spec.Base, spec.Charter, spec.Probes, spec.Seed, spec.BlockSeed));
        Add(new Adopted(0, Plan.Base, RoundOutcome.Born));
        Add(Probes(0));
    }

    private Probed Probes(int generation)
    {
        ImmutableArray<ChoiceResult> answers =
        [
            new(
                "p",
                [
                    [0.5, 0.5],
                    [0.5, 0.5],
                ]
            ),
        ];
        return new Probed(generation, Plan.Base, "I am new.", new ProbeResults(answers, answers, [], 2), Heads);
    }
}
