using AiMe.Faculties.Curation;

namespace AiMe.Faculties.Curator;

/// <summary>The order in which the judges of a policy are asked about an experience: judge by judge, sample by sample.</summary>
internal static class Judging
{
    /// <summary>The next request, or null if all are answered.</summary>
    public static AskJudge? Next(CuratorState state, ExperienceEmbedded experience)
    {
        var answered = state.RatingsOf(experience.Draft.Cycle);
        foreach (var judge in ModelJudge.AskedBy(state.Policy, experience.Draft))
        {
            for (var sample = 1; sample <= judge.Samples; sample++)
            {
                if (answered.Any(r => r.Judge == judge.Id && r.Sample == sample))
                    continue;
                // The seed does not depend on the attempt, so that a reply that was paid for is found again.
                var seed = state.Seed.Derive(experience.Draft.Cycle, "judge", sample).Derive(judge.Id);
                return new AskJudge(state.JudgeFailures + 1, experience, judge, sample, seed);
            }
        }

        return null;
    }

    /// <summary>Whether the next request is for this answer.</summary>
    public static bool IsDue(CuratorState state, ExperienceEmbedded experience, string judge, int sample) =>
        experience.Draft.Cycle > state.Cycle && Next(state, experience) is { } next && (next.Judge.Id, next.Sample) == (judge, sample);

    /// <summary>The event of an answer.</summary>
    public static Rated Record(ExperienceEmbedded experience, string judge, int sample, JudgeAnswer answer) =>
        new(experience.Draft.Cycle, judge, sample, ModelJudge.IsReversed(sample), answer);
}
