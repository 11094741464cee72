using AiMe.Faculties;

namespace AiMe.Lab.Analysis.Diff;

/// <summary>The answer of one instance to one stimulus.</summary>
/// <param name="Internal">Whether the stimulus is a question to itself.</param>
/// <param name="Embedding">
/// Embedding of the answer in the frozen space, from the journal; null if there is none.
/// </param>
public sealed record DiffAnswer(int Cycle, int Round, string Stimulus, bool Internal, string Text, Verdict Verdict, Embedding? Embedding);
