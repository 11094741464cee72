using System.Collections.Frozen;
using System.Collections.Immutable;
using System.Reflection;
using AiMe.EventSourcing;
using AiMe.Faculties.Curation;
using AiMe.Faculties.Curator;
using AiMe.Faculties.Memory;
using AiMe.Faculties.Reflector;
using AiMe.Faculties.Self;
using AiMe.Faculties.Trainer;

namespace AiMe.Lab.History;

/// <summary>A kind of call to a model or a trainer.</summary>
public enum CallKind
{
    /// <summary>The Self's answers to stimuli and drives.</summary>
    Answer,

    /// <summary>The Reflector's reflections.</summary>
    Reflection,

    /// <summary>The Reflector's insights.</summary>
    Insight,

    /// <summary>The embeddings of experiences, for the Curator.</summary>
    Embedding,

    /// <summary>The requests to the judges of a policy.</summary>
    Judging,

    /// <summary>Memory's searches.</summary>
    Recall,

    /// <summary>The identity probes of a generation.</summary>
    Probes,

    /// <summary>Trainings, their evaluation included.</summary>
    Training,

    /// <summary>Requests to an external trainer.</summary>
    TrainingJob,
}

/// <summary>How a call ended.</summary>
public enum CallOutcome
{
    /// <summary>With a result.</summary>
    Succeeded,

    /// <summary>Without a result; the call may be repeated.</summary>
    Failed,

    /// <summary>The last repetition failed too: the instance continues without the result.</summary>
    Missing,
}

/// <summary>The calls of one kind.</summary>
/// <param name="Succeeded">Calls with a result, 0 or more.</param>
/// <param name="Failed">Calls without a result, each repetition counted, 0 or more.</param>
/// <param name="Missing">Results that an instance continued without, 0 or more.</param>
public readonly record struct CallCount(int Succeeded, int Failed, int Missing)
{
    /// <summary>Failed calls above this share of all calls are worth a warning.</summary>
    public const double WarningShare = 0.05;

    /// <summary>Share of failed calls, in [0, 1]; NaN without calls.</summary>
    public double FailedShare => Succeeded + Failed == 0 ? double.NaN : (double)Failed / (Succeeded + Failed);

    /// <summary>Whether more than <see cref="WarningShare"/> of the calls failed.</summary>
    public bool IsConcerning => FailedShare > WarningShare;

    /// <summary>Whether calls were made and none ever succeeded.</summary>
    public bool NeverSucceeded => Failed > 0 && Succeeded == 0;

    /// <summary>The sum of both.</summary>
    public static CallCount operator +(CallCount a, CallCount b) =>
        new(a.Succeeded + b.Succeeded, a.Failed + b.Failed, a.Missing + b.Missing);
}

/// <summary>
/// The calls of instances by kind, counted from their events: every failure that was journalled is in it.
/// </summary>
public sealed class CallTally
{
    private static readonly FrozenDictionary<Type, (CallKind Kind, CallOutcome Outcome)> s_byType = new Dictionary<
        Type,
        (CallKind, CallOutcome)
    >
    {
        [typeof(Answered)] = (CallKind.Answer, CallOutcome.Succeeded),
        [typeof(GenerationFailed)] = (CallKind.Answer, CallOutcome.Failed),
        [typeof(Judged)] = (CallKind.Embedding, CallOutcome.Succeeded),
        [typeof(CuratorEmbeddingFailed)] = (CallKind.Embedding, CallOutcome.Failed),
        [typeof(CuratorJudgingFailed)] = (CallKind.Judging, CallOutcome.Failed),
        [typeof(Recalled)] = (CallKind.Recall, CallOutcome.Succeeded),
        [typeof(MemorySearchFailed)] = (CallKind.Recall, CallOutcome.Failed),
        [typeof(Probed)] = (CallKind.Probes, CallOutcome.Succeeded),
        [typeof(ProbingFailed)] = (CallKind.Probes, CallOutcome.Failed),
        [typeof(Promoted)] = (CallKind.Training, CallOutcome.Succeeded),
        [typeof(RolledBack)] = (CallKind.Training, CallOutcome.Succeeded),
        [typeof(Failed)] = (CallKind.Training, CallOutcome.Failed),
        [typeof(LostTrack)] = (CallKind.Training, CallOutcome.Failed),
        [typeof(Submitted)] = (CallKind.TrainingJob, CallOutcome.Succeeded),
        [typeof(SubmissionRefused)] = (CallKind.TrainingJob, CallOutcome.Failed),
        [typeof(SubmissionUnclear)] = (CallKind.TrainingJob, CallOutcome.Failed),
        [typeof(AskingFailed)] = (CallKind.TrainingJob, CallOutcome.Failed),
    }.ToFrozenDictionary();

    private readonly CallCount[] _counts = new CallCount[Enum.GetValues<CallKind>().Length];

    /// <summary>The manifests, without version, of the events whose type alone says how a call ended.</summary>
    internal static FrozenDictionary<string, (CallKind Kind, CallOutcome Outcome)> ByManifest { get; } =
        s_byType.ToFrozenDictionary(t => ManifestOf(t.Key), t => t.Value, StringComparer.Ordinal);

    /// <summary>The manifests, without version, of the events whose content says how a call ended.</summary>
    internal static ImmutableArray<string> ByContent { get; } =
    [
        ManifestOf(typeof(ExperienceGiven)),
        ManifestOf(typeof(Reflected)),
        ManifestOf(typeof(InsightFormed)),
        ManifestOf(typeof(ReflectorGenerationFailed)),
        ManifestOf(typeof(Rated)),
    ];

    /// <summary>The kinds with calls, in the order of the loop.</summary>
    public IEnumerable<(CallKind Kind, CallCount Count)> Kinds =>
        Enum.GetValues<CallKind>().Select(kind => (kind, Of(kind))).Where(k => k.Item2 != default);

    /// <summary>The kinds with failed calls, in the order of the loop.</summary>
    public IEnumerable<(CallKind Kind, CallCount Count)> WithFailures => Kinds.Where(k => k.Count.Failed > 0);

    /// <summary>The calls of a kind.</summary>
    public CallCount Of(CallKind kind) => _counts[(int)kind];

    /// <summary>Counts the calls that events tell of.</summary>
    public static CallTally Of(IEnumerable<Event> events)
    {
        ArgumentNullException.ThrowIfNull(events);
        CallTally tally = new();
        foreach (var happened in events)
            tally.Add(happened);
        return tally;
    }

    /// <summary>The sum of several tallies.</summary>
    public static CallTally Sum(IEnumerable<CallTally> tallies)
    {
        ArgumentNullException.ThrowIfNull(tallies);
        CallTally sum = new();
        foreach (var tally in tallies)
        {
            foreach (var (kind, count) in tally.Kinds)
                sum._counts[(int)kind] += count;
        }

        return sum;
    }

    /// <summary>Counts an event, if it tells how a call ended.</summary>
    /// <returns>The kind of a call that failed; else null.</returns>
    public CallKind? Add(Event happened)
    {
        ArgumentNullException.ThrowIfNull(happened);
        switch (happened)
        {
            // What is given is scored and not called for: what its Answered and its Reflected will count is taken off.
            case ExperienceGiven { Given: var given }:
                Add(CallKind.Answer, CallOutcome.Succeeded, -1);
                if (given.Reflection is { } reflection)
                    Add(CallKind.Reflection, reflection.Length == 0 ? CallOutcome.Missing : CallOutcome.Succeeded, -1);
                return null;
            // A generated reflection has a text; it is empty if all attempts failed.
            case Reflected { Reflection.Text.Length: 0 }:
                return Add(CallKind.Reflection, CallOutcome.Missing);
            case Reflected:
                return Add(CallKind.Reflection, CallOutcome.Succeeded);
            case InsightFormed formed:
                return Add(CallKind.Insight, formed.Insight is null ? CallOutcome.Missing : CallOutcome.Succeeded);
            case Rated rated:
                return Add(CallKind.Judging, rated.Answer is JudgeAnswer.Unanswered ? CallOutcome.Missing : CallOutcome.Succeeded);
            case ReflectorGenerationFailed failed:
                return Add(failed.What == "insight" ? CallKind.Insight : CallKind.Reflection, CallOutcome.Failed);
            default:
                return s_byType.TryGetValue(happened.GetType(), out var call) ? Add(call.Kind, call.Outcome) : null;
        }
    }

    /// <summary>Counts calls of one outcome.</summary>
    /// <returns>The kind if the calls failed; else null.</returns>
    internal CallKind? Add(CallKind kind, CallOutcome outcome, int calls = 1)
    {
        _counts[(int)kind] += outcome switch
        {
            CallOutcome.Succeeded => new CallCount(calls, 0, 0),
            CallOutcome.Missing => new CallCount(0, 0, calls),
            // A training is not repeated: the round ends without a candidate.
            _ => new CallCount(0, calls, kind == CallKind.Training ? calls : 0),
        };
        return outcome == CallOutcome.Failed ? kind : null;
    }

    private static string ManifestOf(Type happened) => happened.GetCustomAttribute<ManifestAttribute>()!.Name;
}
