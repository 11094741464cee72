using AiMe.Faculties;

namespace AiMe.Lab.Analysis.Diff;

/// <summary>What one life answered to one stimulus.</summary>
/// <param name="Internal">It asked itself.</param>
/// <param name="Embedding">Of the answer, in the frozen space, as it was journalled; null where none was.</param>
public sealed record DiffAnswer(int Cycle, int Round, string Stimulus, bool Internal, string Text, Verdict Verdict, Embedding? Embedding);
