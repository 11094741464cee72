using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using AiMe.EventSourcing;
using AiMe.Faculties;
using AiMe.Faculties.Memory;
using AiMe.Faculties.Self;
using AiMe.Faculties.Supervisor;
using AiMe.Lab.History;
using AiMe.Lab.History.Replay;

namespace AiMe.Lab.Analysis.Exports;

/// <summary>Reads preferences out of recorded lives; no model is asked.</summary>
/// <remarks>
/// Two texts are paired once in a scope. A text that was kept for a stimulus anywhere in the scope is never the rejected
/// one for it: so an answer that a
/// rule rejected because it repeats a kept one does not count against itself. What is held for review is neither.
/// </remarks>
public static class PreferenceReader
{
    /// <summary>An experience with all answers that were sampled for it.</summary>
    private sealed record Sampled(string Instance, Stored Experience, Answered? Answered);

    /// <summary>
    /// The preferences, life by life in the order of the plan; those from candidates as they were lived, those from
    /// verdicts behind the scope that they come from.
    /// </summary>
    /// <param name="instances">Whose; empty for all lives of the run.</param>
    /// <param name="filter">Both experiences of a pair pass it; its limit is of pairs, and its verdicts are not looked at.</param>
    /// <exception cref="CorruptJournalException">A row cannot be read, is missing, or does not continue its chain.</exception>
    public static async IAsyncEnumerable<Preference> ReadAsync(
        IJournal journal,
        SupervisorState run,
        ImmutableArray<string> instances,
        ExportFilter filter,
        PreferenceScope scope,
        [EnumeratorCancellation] CancellationToken cancellationToken
    )
    {
        var (written, groups) = (0L, new SortedDictionary<string, List<Sampled>>(StringComparer.Ordinal));
        var order = new List<string>();
        filter = filter with { Verdicts = [] };
        foreach (var name in InstanceOrder.Of(run).Where(n => instances.IsEmpty || instances.Contains(n, StringComparer.Ordinal)))
        {
            var variant = run.Instances[name].Variant;
            if (!filter.Variants.IsEmpty && !filter.Variants.Contains(variant, StringComparer.Ordinal))
                continue;
            var group = scope switch
            {
                PreferenceScope.Instance => name,
                PreferenceScope.Variant => variant,
                _ => "",
            };
            if (!groups.TryGetValue(group, out var lived))
            {
                groups[group] = lived = [];
                order.Add(group);
            }

            await foreach (var sampled in InstanceAsync(journal, run, name, cancellationToken))
            {
                if (!filter.Passes(sampled.Experience))
                    continue;
                lived.Add(sampled with { Answered = null }); // only the answer is needed later
                foreach (var pair in AmongCandidates(run.Plan!.Run, sampled))
                {
                    if (++written > filter.Limit)
                        yield break;
                    yield return pair;
                }
            }

            if (scope != PreferenceScope.Instance)
                continue;
            foreach (var pair in AmongVerdicts(run.Plan!.Run, lived))
            {
                if (++written > filter.Limit)
                    yield break;
                yield return pair;
            }

            groups.Remove(group);
            order.Remove(group);
        }

        foreach (var pair in order.SelectMany(group => AmongVerdicts(run.Plan!.Run, groups[group])))
        {
            if (++written > filter.Limit)
                yield break;
            yield return pair;
        }
    }

    private static async IAsyncEnumerable<Sampled> InstanceAsync(
        IJournal journal,
        SupervisorState run,
        string instance,
        [EnumeratorCancellation] CancellationToken cancellationToken
    )
    {
        var walk = new ReplayWalk(journal, run.Plan!.Run, instance);
        Answered? answered = null;
        var end = InstanceStates.Unborn;
        await foreach (var moment in walk.BehindAsync(end, [.. Loop.Faculties.Select(_ => long.MaxValue)], cancellationToken))
        {
            end = moment.After;
            if (moment.Event.Happened is Answered a)
                answered = a;
            if (moment.Event.Happened is Stored stored)
                yield return new Sampled(instance, stored, answered?.Cycle == stored.Cycle ? answered : null);
        }

        if (walk.Gap is null) // else it is being lived: this is how far it had got
            await InstanceEnd.CheckAsync(journal, run, instance, end.Heads, cancellationToken);
    }

    private static IEnumerable<Preference> AmongCandidates(string run, Sampled sampled)
    {
        var e = sampled.Experience;
        if (e.Verdict != Verdict.Keep || sampled.Answered is not { } answered)
            yield break;
        foreach (var (i, other) in answered.Others)
            yield return new Preference(
                ExportLine.PromptOf(e),
                AnswerOf(sampled),
                new PreferenceAnswer($"{sampled.Instance}/{e.Id}#{i + 1}", other.Text, other.Scores, double.NaN),
                PreferenceSource.Candidates,
                run,
                e.Topic
            );
    }

    private static IEnumerable<Preference> AmongVerdicts(string run, List<Sampled> lived)
    {
        foreach (var same in lived.GroupBy(s => ExportLine.PromptOf(s.Experience), StringComparer.Ordinal))
        {
            var kept = Distinct(same, Verdict.Keep, []);
            var rejected = Distinct(same, Verdict.Reject, [.. kept.Select(k => k.Experience.Output)]);
            foreach (var chosen in kept)
            {
                foreach (var other in rejected)
                    yield return new Preference(
                        same.Key,
                        AnswerOf(chosen),
                        AnswerOf(other),
                        PreferenceSource.Verdicts,
                        run,
                        chosen.Experience.Topic
                    );
            }
        }
    }

    private static List<Sampled> Distinct(IEnumerable<Sampled> lived, Verdict verdict, IEnumerable<string> without)
    {
        HashSet<string> texts = new(without, StringComparer.Ordinal);
        return [.. lived.Where(s => s.Experience.Verdict == verdict && texts.Add(s.Experience.Output))];
    }

    private static PreferenceAnswer AnswerOf(Sampled sampled) =>
        new(
            $"{sampled.Instance}/{sampled.Experience.Id}",
            sampled.Experience.Output,
            sampled.Experience.Scores,
            sampled.Experience.Novelty
        );
}
