using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json.Serialization;
using AiMe.EventSourcing;

namespace AiMe.Faculties.Supervisor;

/// <summary>What can be given to an instance beside its plan.</summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "is")]
[JsonDerivedType(typeof(Said), "said")]
[JsonDerivedType(typeof(Told), "told")]
[JsonDerivedType(typeof(RoundEnd), "round-end")]
[JsonDerivedType(typeof(Appointment), "appointment")]
public abstract record Input
{
    private Input() { }

    /// <summary>Somebody says something to it; it answers.</summary>
    /// <param name="Check">For a checkable problem, the text that a right answer contains; else null.</param>
    public sealed record Said(string Text, string Topic, string? Check = null) : Input;

    /// <summary>
    /// An experience that happened elsewhere: it is measured, judged and remembered as if it had been lived.
    /// </summary>
    /// <param name="At">When it happened, UTC; null for the logical time of its cycle.</param>
    public sealed record Told(string Text, string Topic, Given Given, DateTime? At) : Input;

    /// <summary>The round is to end at the next boundary, with training and probes, though it is not full.</summary>
    public sealed record RoundEnd : Input;

    /// <summary>
    /// It is to speak with another checkpoint of its lineage from the next boundary on. No generation comes of it, and
    /// no probes.
    /// </summary>
    /// <param name="By">Who wishes it.</param>
    public sealed record Appointment(ModelId Model, string By, string Why) : Input;

    /// <summary>Whether it is met in a cycle of its own, and not between two.</summary>
    [JsonIgnore]
    public bool MakesCycle => this is not (RoundEnd or Appointment);
}

/// <summary>Something that arrived and is not yet lived through.</summary>
/// <param name="Ordinal">The how manieth input of the instance it is, from 1; names its stimulus.</param>
/// <param name="Cycle">In which, or after which, it is lived through; 0 while it waits.</param>
public sealed record Arrived(string Arrival, Input Input, int Ordinal, int Cycle)
{
    /// <summary>The id that its stimulus bears: the same in every run of the same inputs.</summary>
    [JsonIgnore]
    public string Id => $"{Prefix}{Ordinal}";

    private const string Prefix = "beside-";

    /// <summary>The ordinal in such an id; 0 in any other.</summary>
    public static int OrdinalOf(string id) =>
        id.StartsWith(Prefix, StringComparison.Ordinal)
        && int.TryParse(id.AsSpan(Prefix.Length), NumberStyles.None, CultureInfo.InvariantCulture, out var n)
            ? n
            : 0;
}

/// <summary>How far an instance is known to be.</summary>
/// <param name="Cycle">The last cycle known to be closed; it may be further on.</param>
/// <param name="Generation">-1 before its birth.</param>
/// <param name="Heads">At the last checkpoint.</param>
/// <param name="Beside">Cycles that went to what was given beside the plan, ascending.</param>
/// <param name="Inputs">How many inputs it was ever given.</param>
/// <param name="Waiting">Inputs that wait for the next boundary, in order of arrival.</param>
/// <param name="Open">The input in hand, or null.</param>
/// <param name="Reason">Why it is parked, or null.</param>
/// <param name="Revived">Whether it was parked, is to try again, and has not got on since.</param>
/// <param name="Revivals">How often it was to try again.</param>
/// <param name="Parent">The instance that it branched off from, or null for a planned one.</param>
/// <param name="Rests">Whether it is a fork to which the plan brings nothing: it lives what it is given.</param>
public sealed record InstanceProgress(
    int Replicate,
    string Variant,
    int Cycle,
    int Generation,
    InstanceState Status,
    Heads Heads,
    ImmutableArray<int> Beside,
    int Inputs,
    ImmutableArray<Arrived> Waiting,
    Arrived? Open,
    string? Reason,
    bool Revived,
    int Revivals,
    string? Parent,
    bool Rests
)
{
    /// <summary>A life that is about to begin.</summary>
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

    /// <summary>Planned cycles among the first so many.</summary>
    public int PlannedUpTo(int cycle) => cycle - Beside.Count(c => c <= cycle);

    /// <summary>Whether it is still to be born, or the plan has something left for it.</summary>
    /// <param name="cycles">Of the plan.</param>
    public bool HasPlanLeft(int cycles) => Generation < 0 || !Rests && PlannedUpTo(Cycle) < cycles;

    /// <summary>Whether nothing is in hand and nothing waits: it has lived all that it was given.</summary>
    [JsonIgnore]
    public bool IsAtRest => Status == InstanceState.Finished && Open is null && Waiting.IsEmpty;

    /// <summary>With an input that waits.</summary>
    public InstanceProgress Receive(string arrival, Input input) =>
        this with
        {
            Inputs = Inputs + 1,
            Waiting = Waiting.Add(new Arrived(arrival, input, Inputs + 1, Cycle: 0)),
        };

    /// <summary>With the first waiting input in hand, or the one in hand at a later cycle than was thought.</summary>
    public InstanceProgress Take(string arrival, int cycle)
    {
        var (input, beside) = (Waiting.FirstOrDefault(a => a.Arrival == arrival) ?? Open!, Beside);
        if (input.Input.MakesCycle)
            beside = beside.Remove(input.Cycle).Add(cycle);
        return this with { Open = input with { Cycle = cycle }, Waiting = Waiting.RemoveAll(a => a.Arrival == arrival), Beside = beside };
    }

    /// <summary>A life that branches off from this one. What waits for this one does not wait for it.</summary>
    /// <param name="cycles">Of the plan.</param>
    public InstanceProgress Fork(InstanceForked fork, int cycles)
    {
        var standing = fork.Standing
            ?? new ForkStatus(Rests: true, Beside.RemoveAll(c => c > fork.Cycle), Inputs, Open: null, Revived: false, Revivals: 0);
        InstanceProgress instance = new(
            Replicate,
            Variant,
            fork.Cycle,
            fork.Generation,
            InstanceState.Finished,
            fork.Heads,
            standing.Beside,
            standing.Inputs,
            [],
            standing.Open,
            null,
            standing.Revived,
            standing.Revivals,
            fork.Parent,
            standing.Rests
        );
        return instance.HasPlanLeft(cycles) ? instance with { Status = InstanceState.Living } : instance;
    }
}

/// <summary>How an instance stands with regard to the plan.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<InstanceState>))]
public enum InstanceState
{
    /// <summary>It lives on.</summary>
    [JsonStringEnumMemberName("living")]
    Living,

    /// <summary>It lived all its cycles.</summary>
    [JsonStringEnumMemberName("finished")]
    Finished,

    /// <summary>It kept failing.</summary>
    [JsonStringEnumMemberName("parked")]
    Parked,
}
