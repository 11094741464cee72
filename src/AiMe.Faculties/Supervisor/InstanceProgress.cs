using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json.Serialization;
using AiMe.EventSourcing;
using AiMe.Faculties.Curation;

namespace AiMe.Faculties.Supervisor;

/// <summary>An input to an instance: unplanned, or a scheduled change of its policy or model.</summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "is")]
[JsonDerivedType(typeof(Said), "said")]
[JsonDerivedType(typeof(Told), "told")]
[JsonDerivedType(typeof(RoundEnd), "round-end")]
[JsonDerivedType(typeof(Appointment), "appointment")]
[JsonDerivedType(typeof(PolicyChange), "policy-change")]
public abstract record Input
{
    private Input() { }

    /// <summary>A stimulus, which the instance answers.</summary>
    /// <param name="Check">For a checkable problem, the text that a correct answer contains; else null.</param>
    public sealed record Said(string Text, string Topic, string? Check = null) : Input;

    /// <summary>An experience given from outside: it is scored, judged and stored like the instance's own.</summary>
    /// <param name="At">When it happened, UTC; null for the logical time of its cycle.</param>
    public sealed record Told(string Text, string Topic, Given Given, DateTime? At) : Input;

    /// <summary>A request to end the round at the next boundary, with training and probes, before it is full.</summary>
    public sealed record RoundEnd : Input;

    /// <summary>
    /// A request to use another checkpoint of its lineage from the next boundary on. It yields no generation and no
    /// probes.
    /// </summary>
    /// <param name="By">The user who requests it.</param>
    /// <param name="Planned">
    /// Whether it is a scheduled intervention, which may use a model that is not of the lineage; not written if false.
    /// </param>
    public sealed record Appointment(
        ModelId Model,
        string By,
        string Why,
        [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] bool Planned = false
    ) : Input;

    /// <summary>A scheduled intervention: another curation policy from the next boundary on.</summary>
    public sealed record PolicyChange(ImmutableArray<Rule> Policy) : Input
    {
        /// <inheritdoc />
        public bool Equals(PolicyChange? other) => other is not null && Policy.SequenceEqual(other.Policy);

        /// <inheritdoc />
        public override int GetHashCode() => Policy.Length;
    }

    /// <summary>Whether the input has its own cycle; else it is handled between two cycles.</summary>
    [JsonIgnore]
    public bool MakesCycle => this is not (RoundEnd or Appointment or PolicyChange);
}

/// <summary>An input that has arrived and is not completed.</summary>
/// <param name="Ordinal">1-based index of the input; part of the stimulus id.</param>
/// <param name="Cycle">The cycle in which, or after which, it is handled; 0 while it waits.</param>
public sealed record Arrived(string Arrival, Input Input, int Ordinal, int Cycle)
{
    /// <summary>Id of its stimulus, the same in every run with the same inputs.</summary>
    [JsonIgnore]
    public string Id => $"{Prefix}{Ordinal}";

    private const string Prefix = "beside-"; // stored: an older word for unplanned

    /// <summary>The ordinal in such an id; 0 for other ids.</summary>
    public static int OrdinalOf(string id) =>
        id.StartsWith(Prefix, StringComparison.Ordinal)
        && int.TryParse(id.AsSpan(Prefix.Length), NumberStyles.None, CultureInfo.InvariantCulture, out var n)
            ? n
            : 0;
}

/// <summary>The progress of an instance, as the Supervisor knows it.</summary>
/// <param name="Cycle">The last cycle known to be closed; the instance may be further.</param>
/// <param name="Generation">The last generation; -1 before generation 0.</param>
/// <param name="Heads">The heads at the last checkpoint.</param>
/// <param name="Unplanned">Cycles of unplanned inputs, ascending.</param>
/// <param name="Inputs">Number of inputs received.</param>
/// <param name="Waiting">Inputs that wait for the next boundary, in order of arrival.</param>
/// <param name="Open">The open input, or null.</param>
/// <param name="Reason">Why it is parked, or null.</param>
/// <param name="Revived">Whether it was parked, is to retry, and has not progressed since.</param>
/// <param name="Revivals">Number of retries.</param>
/// <param name="Parent">The parent of a fork; null for a planned instance.</param>
/// <param name="Rests">Whether it is a fork that only runs on inputs.</param>
/// <param name="Reviews">People's answers on held experiences; null for none, and then not written.</param>
/// <param name="Changes">Number of scheduled changes that it has received; not written if 0.</param>
/// <param name="AdvancedAt">The cycle at which it reached its last generation: the last of that round; not written if 0.</param>
public sealed record InstanceProgress(
    int Replicate,
    string Variant,
    int Cycle,
    int Generation,
    InstanceState Status,
    Heads Heads,
    [property: JsonPropertyName("beside")] ImmutableArray<int> Unplanned,
    int Inputs,
    ImmutableArray<Arrived> Waiting,
    Arrived? Open,
    string? Reason,
    bool Revived,
    int Revivals,
    string? Parent,
    bool Rests,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] ReviewBoard? Reviews = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] int Changes = 0,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] int AdvancedAt = 0
)
{
    /// <summary>The progress of an instance that has not begun.</summary>
    public static InstanceProgress Unborn(int replicate, string variant) =>
        new(
            replicate,
            variant,
            Cycle: 0,
            Generation: -1,
            InstanceState.Living,
            Heads.None,
            [],
            Inputs: 0,
            [],
            null,
            null,
            Revived: false,
            Revivals: 0,
            Parent: null,
            Rests: false
        );

    /// <summary>Number of planned cycles up to a cycle.</summary>
    public int PlannedUpTo(int cycle) => cycle - Unplanned.Count(c => c <= cycle);

    /// <summary>The cycle of the instance that is a planned cycle, with the unplanned inputs that are known.</summary>
    /// <param name="planned">From 1.</param>
    public int CycleOf(int planned)
    {
        var cycle = planned;
        foreach (var _ in Unplanned.TakeWhile(c => c <= cycle))
            cycle++;
        return cycle;
    }

    /// <summary>Whether the instance has not begun, or the plan has cycles left for it.</summary>
    /// <param name="cycles">Number of cycles in the plan.</param>
    public bool HasPlanLeft(int cycles) => Generation < 0 || !Rests && PlannedUpTo(Cycle) < cycles;

    /// <summary>Whether the instance has completed its plan and all its inputs.</summary>
    [JsonIgnore]
    public bool IsAtRest => Status == InstanceState.Finished && Open is null && Waiting.IsEmpty;

    /// <summary><see cref="Reviews"/>, empty for none.</summary>
    [JsonIgnore]
    public ReviewBoard ReviewsSoFar => Reviews ?? ReviewBoard.Empty;

    /// <summary>Whether the instance is at rest because its round waits for people.</summary>
    [JsonIgnore]
    public bool AwaitsReviews => Status != InstanceState.Parked && Reviews is { Awaited: not null, Open.IsEmpty: false };

    /// <summary>Adds a waiting input.</summary>
    public InstanceProgress Receive(string arrival, Input input) =>
        this with
        {
            Inputs = Inputs + 1,
            Changes = Changes + (ScheduledChange.IsArrival(arrival) ? 1 : 0),
            Waiting = Waiting.Add(new Arrived(arrival, input, Inputs + 1, Cycle: 0)),
        };

    /// <summary>Opens a waiting input, or assigns the open one to a later cycle.</summary>
    public InstanceProgress Take(string arrival, int cycle)
    {
        var (input, unplanned) = (Waiting.FirstOrDefault(a => a.Arrival == arrival) ?? Open!, Unplanned);
        if (input.Input.MakesCycle)
            unplanned = unplanned.Remove(input.Cycle).Add(cycle);
        return this with
        {
            Open = input with { Cycle = cycle },
            Waiting = Waiting.RemoveAll(a => a.Arrival == arrival),
            Unplanned = unplanned,
        };
    }

    /// <summary>The progress of a fork of this instance. Waiting inputs of this instance are not the fork's.</summary>
    /// <param name="cycles">Number of cycles in the plan.</param>
    public InstanceProgress Fork(InstanceForked fork, int cycles)
    {
        var standing = fork.Standing
            ?? new ForkStatus(Rests: true, Unplanned.RemoveAll(c => c > fork.Cycle), Inputs, Open: null, Revived: false, Revivals: 0);
        InstanceProgress instance = new(
            Replicate,
            Variant,
            fork.Cycle,
            fork.Generation,
            InstanceState.Finished,
            fork.Heads,
            standing.Unplanned,
            standing.Inputs,
            [],
            standing.Open,
            null,
            standing.Revived,
            standing.Revivals,
            fork.Parent,
            standing.Rests,
            Reviews?.Fork(standing.Stored ?? fork.Cycle, fork.Generation),
            standing.Changes,
            standing.AdvancedAt
        );
        return instance.HasPlanLeft(cycles) ? instance with { Status = InstanceState.Living } : instance;
    }
}

/// <summary>The status of an instance in the plan.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<InstanceState>))]
public enum InstanceState
{
    /// <summary>The instance is running.</summary>
    [JsonStringEnumMemberName("living")]
    Living,

    /// <summary>The instance has completed all its cycles.</summary>
    [JsonStringEnumMemberName("finished")]
    Finished,

    /// <summary>The instance kept failing.</summary>
    [JsonStringEnumMemberName("parked")]
    Parked,
}
