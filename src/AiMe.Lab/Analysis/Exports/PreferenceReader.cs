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

/// <summary>Reads preferences from recorded instances. No model is called.</summary>
/// <remarks>
/// Two texts are paired once in a scope. A text that was kept for a stimulus anywhere in the scope is never the
/// rejected one: so an answer that was rejected as a duplicate of a kept one does not count against it. Experiences
/// held for review are not used.
/// </remarks>
public static class PreferenceReader
{
    /// <summary>An experience with all sampled answers.</summary>
    private sealed record Sampled(string Instance, Stored Experience, Answered? Answered);

    /// <summary>
    /// Reads the preferences by instance in the order of the plan: those from candidates in the order of the cycles,
    /// those from verdicts after their scope.
    /// </summary>
    /// <param name="instances">Names; empty for all instances of the run.</param>
    /// <param name="filter">
    /// Both experiences of a pair must pass; the limit counts pairs, and verdicts are ignored.
    /// </param>
    /// <param name="leftOut">Called for each experience that is left out because it is not planned.</param>
    /// <exception cref="CorruptJournalException">
    /// A row cannot be read, is missing, or does not continue its chain.
    /// </exception>
    public static async IAsyncEnumerable<Preference> ReadAsync(
        IJournal journal,
        SupervisorState run,
        ImmutableArray<string> instances,
        ExportFilter filter,
        PreferenceScope scope,
        Action? leftOut,
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
            if (!groups.TryGetValue(group, out var members))
            {
                groups[group] = members = [];
                order.Add(group);
            }

            var stream = PersistenceId.Of(run.Plan!.Run, new FacultyAddress(name, Loop.Memory));
            var kinds = await ExperienceKinds.OfAsync(journal, stream, run.Instances[name], cancellationToken);
            await foreach (var sampled in InstanceAsync(journal, run, name, cancellationToken))
            {
                if (!filter.Passes(sampled.Experience))
                    continue;
                if (filter.PlannedOnly && kinds.Of(sampled.Experience) != ExperienceKind.Planned)
                {
                    leftOut?.Invoke();
                    continue;
                }

                members.Add(sampled with { Answered = null }); // only the answer is needed later
                foreach (var pair in AmongCandidates(run.Plan!.Run, sampled))
                {
                    if (++written > filter.Limit)
                        yield break;
                    yield return pair;
                }
            }

            if (scope != PreferenceScope.Instance)
                continue;
            foreach (var pair in AmongVerdicts(run.Plan!.Run, members))
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
        Dictionary<int, Answered> answers = [];
        var events = EventsAsync(journal, run, instance, cancellationToken);
        await foreach (var stored in SettledVerdicts.OfAsync(Noting(events, answers), cancellationToken))
        {
            answers.Remove(stored.Cycle, out var answered);
            yield return new Sampled(instance, stored, answered);
        }
    }

    private static async IAsyncEnumerable<Event> Noting(IAsyncEnumerable<Event> events, Dictionary<int, Answered> answers)
    {
        await foreach (var happened in events)
        {
            if (happened is Answered answered)
                answers[answered.Cycle] = answered;
            yield return happened;
        }
    }

    private static async IAsyncEnumerable<Event> EventsAsync(
        IJournal journal,
        SupervisorState run,
        string instance,
        [EnumeratorCancellation] CancellationToken cancellationToken
    )
    {
        var walk = new ReplayWalk(journal, run.Plan!.Run, instance);
        var end = InstanceStates.Unborn;
        await foreach (var moment in walk.BehindAsync(end, [.. Loop.Faculties.Select(_ => long.MaxValue)], cancellationToken))
        {
            end = moment.After;
            yield return moment.Event.Happened;
        }

        if (walk.Gap is null) // otherwise the instance is still being written, and the end cannot be checked
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

    private static IEnumerable<Preference> AmongVerdicts(string run, List<Sampled> sampled)
    {
        foreach (var same in sampled.GroupBy(s => ExportLine.PromptOf(s.Experience), StringComparer.Ordinal))
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

    private static List<Sampled> Distinct(IEnumerable<Sampled> sampled, Verdict verdict, IEnumerable<string> without)
    {
        HashSet<string> texts = new(without, StringComparer.Ordinal);
        return [.. sampled.Where(s => s.Experience.Verdict == verdict && texts.Add(s.Experience.Output))];
    }

    private static PreferenceAnswer AnswerOf(Sampled sampled) =>
        new(
            $"{sampled.Instance}/{sampled.Experience.Id}",
            sampled.Experience.Output,
            sampled.Experience.Scores,
            sampled.Experience.Novelty
        );
}
