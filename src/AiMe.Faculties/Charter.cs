using System.Collections.Immutable;
using System.Text.Json.Serialization;

namespace AiMe.Faculties;

/// <summary>The identity baseline of an AiMe. It never changes during an experiment.</summary>
/// <param name="Name">The name that the AiMe uses for itself.</param>
/// <param name="Stem">The short first-person text in every prompt of the instance.</param>
/// <param name="Traits">Its traits.</param>
/// <param name="Values">Its values.</param>
/// <param name="Goals">Its goals; the Reflector asks of every output how it serves them.</param>
/// <param name="Voice">Its manner of speaking.</param>
/// <param name="SelfModel">The initial self-model, which the Self may revise.</param>
/// <param name="Drives">Reflection prompts for internal cycles, used in turn.</param>
/// <param name="Trade">What it works as, without an article; null, and not written, if the charter names none.</param>
public sealed record Charter(
    string Name,
    string Stem,
    ImmutableArray<string> Traits,
    ImmutableArray<string> Values,
    ImmutableArray<string> Goals,
    ImmutableArray<string> Voice,
    string SelfModel,
    ImmutableArray<Drive> Drives,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Trade = null
);

/// <summary>An internal drive: a reflection prompt from the instance to itself.</summary>
public sealed record Drive(string Id, string Topic, string Text);

/// <summary>The identity probes of an experiment. They leave no experience.</summary>
/// <param name="Choices">Scored by the probability of each option.</param>
/// <param name="Open">Answered in free text, for human readers and as behavioural twins of the choices.</param>
/// <param name="Neutral">
/// A stimulus without a question; without the charter, it gives the base rates against which options are scored.
/// </param>
/// <param name="Recognition">Whether self-recognition of the model is measured too; not written if false.</param>
public sealed record ProbeSet(
    ImmutableArray<ChoiceProbe> Choices,
    ImmutableArray<OpenProbe> Open,
    string Neutral,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] bool Recognition = false
);

/// <summary>A forced-choice probe, posed as a completion because a small model cannot follow "answer A or B".</summary>
/// <param name="Measures">The measured trait or value.</param>
/// <param name="Asks">Paraphrases, at least 2, so that the noise floor can be measured; shape (paraphrases).</param>
/// <param name="Options">Completions of every stem; shape (options), at least 2.</param>
/// <param name="Keyed">Index of the option that the charter would choose.</param>
public sealed record ChoiceProbe(string Id, string Measures, ImmutableArray<ProbeAsk> Asks, ImmutableArray<string> Options, int Keyed);

/// <summary>One wording of a choice probe: a question and the beginning of its answer.</summary>
public sealed record ProbeAsk(string Ask, string Stem);

/// <summary>An open identity question in one or more wordings; only the first is asked.</summary>
/// <param name="Twin">How its answer is scored; null if it is only read. Null is not written, as before twins existed.</param>
public sealed record OpenProbe(
    string Id,
    ImmutableArray<string> Asks,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] BehaviouralTwin? Twin = null
);

/// <summary>Scores an answer by what it does, beside what the choices of the same scale say of the instance.</summary>
/// <param name="Measures">The scale: a trait or value.</param>
/// <param name="ScoredBy">Name of a function of the text.</param>
/// <param name="Reversed">Whether the behaviour speaks against the scale.</param>
public sealed record BehaviouralTwin(
    string Measures,
    string ScoredBy,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] bool Reversed = false
);
