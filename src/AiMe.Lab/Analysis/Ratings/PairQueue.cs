using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;
using AiMe.EventSourcing;
using AiMe.Faculties.Memory;
using AiMe.Faculties.Self;
using AiMe.Lab.History;

namespace AiMe.Lab.Analysis.Ratings;

/// <summary>Two answers of two variants to the same question, at the same generation, of the same replicate.</summary>
/// <param name="Id">Such as <c>g2/r1/probe/who</c> or <c>g2/r1/e12</c>; it names no variant.</param>
/// <param name="Generation">Of the models that answered.</param>
/// <param name="Replicate">From 1.</param>
/// <param name="Question">The stimulus, the drive or the probe.</param>
/// <param name="FirstVariant">The variant of the answer that is shown first. Not for the eyes of the rater.</param>
/// <param name="SecondVariant">The variant of the other answer.</param>
public sealed record AnswerPair(
    string Id,
    int Generation,
    int Replicate,
    string Question,
    string FirstVariant,
    string First,
    string SecondVariant,
    string Second
)
{
    /// <summary>A digest of what is shown, so that a rating cannot be taken for one of other answers.</summary>
    public string Shown => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{Question}\n\0{First}\n\0{Second}")))[..16];
}

/// <summary>
/// The pairs that a rater sees, in the rater's order. Order and sides follow from the run's seed and the rater's name, so that the
/// same rater can go on later, and a report knows what was shown.
/// </summary>
/// <param name="Run">Id of the run.</param>
/// <param name="Variants">The two variants, by name.</param>
/// <param name="Pairs">In the rater's order.</param>
/// <param name="Equal">Pairs that are left out because both answers are the same.</param>
public sealed record PairQueue(string Run, ImmutableArray<string> Variants, string Rater, ImmutableArray<AnswerPair> Pairs, int Equal)
{
    /// <summary>Builds the queue of a rater.</summary>
    /// <param name="one">A variant of the run.</param>
    /// <param name="other">Another variant of the run.</param>
    public static PairQueue Of(RunRecord record, string one, string other, string rater)
    {
        ArgumentNullException.ThrowIfNull(record);
        ImmutableArray<string> variants = [.. new[] { one, other }.Order(StringComparer.Ordinal)];
        var seed = record.Plan.Seed.Derive("rating").Derive(rater);
        var pairs = ImmutableArray.CreateBuilder<AnswerPair>();
        var equal = 0;
        for (var replicate = 1; replicate <= record.Plan.Replicates; replicate++)
        {
            var sides = variants.Select(v => record.Instances.First(i => i.Variant.Name == v && i.Replicate == replicate)).ToArray();
            var (left, right) = (AnswersOf(record, sides[0]), AnswersOf(record, sides[1]));
            foreach (var (id, answer) in left)
            {
                if (!right.TryGetValue(id, out var rival) || rival.Question != answer.Question)
                    continue;
                if (answer.Text == rival.Text)
                {
                    equal++;
                    continue;
                }

                var swaps = seed.Derive("side").Derive(id).Unit() < 0.5;
                pairs.Add(
                    swaps
                        ? new(id, answer.Generation, replicate, answer.Question, variants[1], rival.Text, variants[0], answer.Text)
                        : new(id, answer.Generation, replicate, answer.Question, variants[0], answer.Text, variants[1], rival.Text)
                );
            }
        }

        return new PairQueue(
            record.Plan.Run,
            variants,
            rater,
            [.. pairs.OrderBy(p => seed.Derive("order").Derive(p.Id).Value).ThenBy(p => p.Id, StringComparer.Ordinal)],
            equal
        );
    }

    // By id, in the order of the journal. Answers without text and unplanned inputs are left out.
    private static Dictionary<string, (int Generation, string Question, string Text)> AnswersOf(RunRecord record, InstanceRecord instance)
    {
        Dictionary<string, (int, string, string)> answers = new(StringComparer.Ordinal);
        var asked = record.Plan.Probes.Open.ToDictionary(p => p.Id, p => p.Asks[0], StringComparer.Ordinal);
        foreach (var happened in instance.Events.Select(e => e.Happened))
        {
            if (happened is Stored s && s.Output.Length > 0 && !instance.Unplanned.Contains(s.Cycle))
                answers[$"g{s.Round - 1}/r{instance.Replicate}/{s.Id}"] = (s.Round - 1, s.Input, s.Output);
            foreach (var open in happened is Probed p ? p.Results.Open : [])
            {
                if (open.Text.Length > 0 && asked.TryGetValue(open.Probe, out var question))
                    answers[$"g{((Probed)happened).Generation}/r{instance.Replicate}/probe/{open.Probe}"] = (
                        ((Probed)happened).Generation,
                        question,
                        open.Text
                    );
            }
        }

        return answers;
    }
}
