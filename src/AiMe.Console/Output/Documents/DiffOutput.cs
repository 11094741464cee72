using AiMe.Faculties;
using AiMe.Lab.Analysis.Diff;

namespace AiMe.Console.Output.Documents;

/// <summary>A stimulus answered by both instances.</summary>
/// <param name="Stimulus">The text.</param>
/// <param name="Internal">Whether it is a question of the instance to itself.</param>
/// <param name="Identical">Whether the answers are equal, character by character.</param>
/// <param name="Cosine">Cosine of the embeddings of both answers, in [-1, 1]; null if one has none.</param>
/// <param name="First">The answer of the first instance.</param>
/// <param name="Second">The answer of the second instance.</param>
internal sealed record DiffOutput(
    string Stimulus,
    bool Internal,
    bool Identical,
    double? Cosine,
    DiffAnswerOutput First,
    DiffAnswerOutput Second
) : OutputDocument
{
    public static DiffOutput Of(InstanceDiff diff, DiffPair pair) =>
        new(
            pair.First.Stimulus,
            pair.First.Internal,
            pair.IsIdentical,
            pair.Cosine,
            DiffAnswerOutput.Of(diff.First, pair.First),
            DiffAnswerOutput.Of(diff.Second, pair.Second)
        );
}

/// <summary>One of two answers.</summary>
/// <param name="Run">Id of the run.</param>
/// <param name="Instance">Name of the instance.</param>
/// <param name="Cycle">Of the answer, from 1.</param>
/// <param name="Round">Of the answer, from 1.</param>
/// <param name="Answer">The text.</param>
/// <param name="Verdict">The Curator's verdict on it.</param>
internal sealed record DiffAnswerOutput(string Run, string Instance, int Cycle, int Round, string Answer, Verdict Verdict)
{
    public static DiffAnswerOutput Of(DiffSide side, DiffAnswer a) =>
        new(side.Plan.Run, side.Instance, a.Cycle, a.Round, a.Text, a.Verdict);
}
