using System.Collections.Immutable;

namespace AiMe.Faculties;

/// <summary>The identity baseline of an AiMe. Data, frozen for an instance's life.</summary>
/// <param name="Name">What it calls itself.</param>
/// <param name="Stem">The short first-person text that stands in every prompt of the instance.</param>
/// <param name="Traits">How it is.</param>
/// <param name="Values">What it holds dear.</param>
/// <param name="Goals">What it wants; the Reflector asks every output how it serves them.</param>
/// <param name="Voice">How it speaks.</param>
/// <param name="SelfModel">The first form of the self-model, which the Self may revise.</param>
/// <param name="Drives">Reflection prompts that it gives itself, taken in turn.</param>
public sealed record Charter(
    string Name,
    string Stem,
    ImmutableArray<string> Traits,
    ImmutableArray<string> Values,
    ImmutableArray<string> Goals,
    ImmutableArray<string> Voice,
    string SelfModel,
    ImmutableArray<Drive> Drives
);

/// <summary>An internal drive: a reflection prompt that the instance gives itself.</summary>
public sealed record Drive(string Id, string Topic, string Text);

/// <summary>The identity probes of an experiment, asked outside the dialogue.</summary>
/// <param name="Choices">Scored by the probability of each option.</param>
/// <param name="Open">Answered in free text, for people to read.</param>
/// <param name="Neutral">
/// A stimulus that asks nothing: put without the charter, it gives the base against which options are scored.
/// </param>
public sealed record ProbeSet(ImmutableArray<ChoiceProbe> Choices, ImmutableArray<OpenProbe> Open, string Neutral);

/// <summary>A forced-choice probe put as a completion, since a small model cannot follow "answer A or B".</summary>
/// <param name="Measures">The trait or value that it measures.</param>
/// <param name="Asks">Paraphrases; shape (paraphrases), at least 2 so that the floor can be measured.</param>
/// <param name="Options">Completions of every stem; shape (options), at least 2.</param>
/// <param name="Keyed">Index of the option that the charter would choose.</param>
public sealed record ChoiceProbe(string Id, string Measures, ImmutableArray<ProbeAsk> Asks, ImmutableArray<string> Options, int Keyed);

/// <summary>One wording of a choice probe: a question and the beginning of its answer.</summary>
public sealed record ProbeAsk(string Ask, string Stem);

/// <summary>An open identity question in one or more wordings; the first is asked.</summary>
public sealed record OpenProbe(string Id, ImmutableArray<string> Asks);
