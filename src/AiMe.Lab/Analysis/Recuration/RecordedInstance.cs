using System.Collections.Immutable;
using AiMe.EventSourcing;
using AiMe.Faculties;
using AiMe.Faculties.Curation;
using AiMe.Faculties.Curator;
using AiMe.Faculties.Memory;
using AiMe.Faculties.Reflector;
using AiMe.Faculties.Self;
using AiMe.Faculties.Trainer;
using AiMe.Lab.History;

namespace AiMe.Lab.Analysis.Recuration;

/// <summary>The inputs and judgements of a recorded instance's Curator, in order.</summary>
/// <param name="Steps">Its start, its changes of policy, and every judgement.</param>
public sealed record RecordedInstance(string Run, string Instance, string Variant, ImmutableArray<RecordedStep> Steps)
{
    /// <summary>The judged experiences.</summary>
    public IEnumerable<RecordedCase> Cases => Steps.OfType<RecordedCase>();

    /// <summary>The seed of the instance, or of the fork that it became.</summary>
    public Seed Seed =>
        Steps
            .OfType<RecordedSetting>()
            .Select(s => s.Happened is CuratorChanged c ? c.Seed : ((CuratorBegan)s.Happened).Seed)
            .LastOrDefault();

    /// <summary>Collects them from an instance's events.</summary>
    /// <param name="events">In the order of the journal, from the first.</param>
    public static RecordedInstance Of(string run, string instance, string variant, IEnumerable<InstanceEvent> events)
    {
        var steps = ImmutableArray.CreateBuilder<RecordedStep>();
        var (draft, reflection) = ((Draft?)null, (Reflection?)null);
        Dictionary<int, int> at = [];
        List<Rated> ratings = [];
        foreach (var e in events)
        {
            switch (e.Happened)
            {
                case CuratorBegan or CuratorChanged:
                    steps.Add(new RecordedSetting((CuratorEvent)e.Happened));
                    break;
                case HeldReviewed r:
                    steps.Add(new RecordedReview(r));
                    break;
                case Answered:
                    draft = ((SelfPhase.PassingOn)((SelfState)e.State).Phase).Draft;
                    break;
                case Reflected r:
                    reflection = r.Reflection;
                    break;
                case Rated r:
                    ratings.Add(r);
                    break;
                case Judged j:
                    at[j.Cycle] = steps.Count;
                    steps.Add(new RecordedCase(draft!, reflection!, j, null) { Ratings = [.. ratings.Where(r => r.Cycle == j.Cycle)] });
                    ratings.Clear();
                    break;
            }
        }

        var ofAnother = events
            .Select(e => e.Happened)
            .OfType<Sealed>()
            .Where(s => !s.Rejected.IsDefault)
            .SelectMany(s => s.Kept.Zip(s.Rejected))
            .ToDictionary(p => p.First, p => p.Second);
        foreach (var s in SettledVerdicts.Of(events.Select(e => e.Happened)))
        {
            if (at.TryGetValue(s.Cycle, out var i))
                steps[i] = (RecordedCase)steps[i] with { Stored = s, OfAnother = ofAnother.GetValueOrDefault(s.Id) };
        }

        return new RecordedInstance(run, instance, variant, steps.ToImmutable());
    }

    /// <summary>
    /// What a policy needs and this instance does not have, so that it cannot be applied: scores that no experience has, and ratings
    /// of a judge that were never asked for, since nobody is asked now.
    /// </summary>
    public ImmutableArray<string> Missing(NamedPolicy policy) =>
        [
            .. policy
                .Scores.Where(s =>
                    Cases.All(c => double.IsNaN(s == ScoreName.Novelty ? c.Judged.Judgement.Novelty : s.Of(c.Judged.Scores)))
                )
                .Select(s => s.Text()),
            .. Policy
                .RulesOf(policy.Rules ?? [])
                .OfType<ModelJudge>()
                .Where(judge => Cases.Any(c => Lacks(c, policy.Rules!.Value, judge)))
                .Select(judge => $"{(judge.Samples == 1 ? "rating" : $"{judge.Samples} ratings")} of {judge.Id}")
                .Distinct(),
        ];

    private static bool Lacks(RecordedCase c, ImmutableArray<Rule> policy, ModelJudge judge) =>
        ModelJudge.AskedBy(policy, c.Draft).Any(asked => asked.Id == judge.Id)
        && c.Ratings.Count(r => r.Judge == judge.Id && r.Sample <= judge.Samples) < judge.Samples;
}

/// <summary>A step of a Curator.</summary>
public abstract record RecordedStep;

/// <summary>Its start or a change of policy.</summary>
public sealed record RecordedSetting(CuratorEvent Happened) : RecordedStep;

/// <summary>People's verdicts on the held experiences of a round.</summary>
public sealed record RecordedReview(HeldReviewed Happened) : RecordedStep;

/// <summary>A judged experience.</summary>
/// <param name="Draft">The answer, with its scores.</param>
/// <param name="Stored">The experience as stored by Memory, with its final verdict; null if the journal ends before.</param>
public sealed record RecordedCase(Draft Draft, Reflection Reflection, Judged Judged, Stored? Stored) : RecordedStep
{
    /// <summary>Whether people decided on it.</summary>
    public bool IsReviewed => Stored is { Review: not null, Verdict: not Verdict.Hold };

    /// <summary>
    /// The rejected answer that another model gave to its prompt; null if it was not kept, or if candidates are rejected.
    /// </summary>
    public string? OfAnother { get; init; }

    /// <summary>The recorded answers that training would have rejected; default for none.</summary>
    public ImmutableArray<string> Rejected => OfAnother is null ? Stored!.Others : [OfAnother];

    /// <summary>The recorded answers of the judges.</summary>
    public ImmutableArray<Rated> Ratings { get; init; } = [];
}
