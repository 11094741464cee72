using System.Collections.Immutable;
using AiMe.Faculties;
using AiMe.Faculties.Curation;
using AiMe.Faculties.Curator;
using AiMe.Faculties.Memory;
using AiMe.Faculties.Reflector;
using AiMe.Faculties.Self;
using AiMe.Lab.History;

namespace AiMe.Lab.Analysis.Recuration;

/// <summary>What a Curator was given to judge in a recorded life, in order, and what it said.</summary>
/// <param name="Steps">Its own beginning and changes, and every judgement.</param>
public sealed record RecordedInstance(string Run, string Instance, string Variant, ImmutableArray<RecordedStep> Steps)
{
    /// <summary>What was judged.</summary>
    public IEnumerable<RecordedCase> Cases => Steps.OfType<RecordedCase>();

    /// <summary>Gathers it from a life's events.</summary>
    /// <param name="events">In the order in which they happened, from the first on.</param>
    public static RecordedInstance Of(string run, string instance, string variant, IEnumerable<InstanceEvent> events)
    {
        var steps = ImmutableArray.CreateBuilder<RecordedStep>();
        var (draft, reflection) = ((Draft?)null, (Reflection?)null);
        Dictionary<int, int> at = [];
        foreach (var e in events)
        {
            switch (e.Happened)
            {
                case CuratorBegan or CuratorChanged:
                    steps.Add(new RecordedSetting((CuratorEvent)e.Happened));
                    break;
                case Answered:
                    draft = ((SelfPhase.Handing)((SelfState)e.State).Phase).Draft;
                    break;
                case Reflected r:
                    reflection = r.Reflection;
                    break;
                case Judged j:
                    at[j.Cycle] = steps.Count;
                    steps.Add(new RecordedCase(draft!, reflection!, j, null));
                    break;
                case Stored s when at.TryGetValue(s.Cycle, out var i):
                    steps[i] = (RecordedCase)steps[i] with { Stored = s };
                    break;
            }
        }

        return new RecordedInstance(run, instance, variant, steps.ToImmutable());
    }

    /// <summary>Scores among some that no experience of this life has: a policy that goes by one cannot be applied to it.</summary>
    public ImmutableArray<ScoreName> Missing(ImmutableArray<ScoreName> scores) =>
        [.. scores.Where(s => Cases.All(c => double.IsNaN(s == ScoreName.Novelty ? c.Judged.Judgement.Novelty : s.Of(c.Judged.Scores))))];
}

/// <summary>A step of a Curator's life.</summary>
public abstract record RecordedStep;

/// <summary>It began, or judges otherwise from here on.</summary>
public sealed record RecordedSetting(CuratorEvent Happened) : RecordedStep;

/// <summary>An experience that was judged.</summary>
/// <param name="Draft">The answer that was given, with its scores.</param>
/// <param name="Stored">As Memory stored it; null where the journal ends before.</param>
public sealed record RecordedCase(Draft Draft, Reflection Reflection, Judged Judged, Stored? Stored) : RecordedStep;
