using System.Collections.Immutable;
using AiMe.Faculties;
using AiMe.Faculties.Curation;
using AiMe.Faculties.Curator;
using AiMe.Lab.History;
using AiMe.Metrics.Statistics;

namespace AiMe.Lab.Analysis.Ratings;

/// <summary>Agreement between some raters.</summary>
/// <param name="Who">The raters in words, such as <c>people</c> or <c>me and the judge fit-1a2b3c4d</c>.</param>
/// <param name="Level">What differences of their ratings mean.</param>
public sealed record AgreementRow(string Who, MeasurementLevel Level, Agreement Agreement);

/// <summary>How far people agree with each other, with the judges of a run, and with its verdicts.</summary>
/// <param name="Raters">The people, by name.</param>
/// <param name="Rated">Experiences with at least one rating of a person.</param>
/// <param name="Rows">People first, then each judge, then the verdicts.</param>
/// <param name="Notes">What is not compared, and why; one sentence each.</param>
public sealed record AgreementReport(
    ImmutableArray<string> Raters,
    int Rated,
    ImmutableArray<AgreementRow> Rows,
    ImmutableArray<string> Notes
)
{
    /// <summary>Coverage of the intervals.</summary>
    public const double Confidence = 0.95;

    /// <summary>Computes the report.</summary>
    /// <param name="level">What differences of people's ratings mean.</param>
    /// <param name="keepAt">
    /// The lowest rating that means to keep an experience, for the comparison with verdicts; null if ratings are 0 and 1 only.
    /// </param>
    /// <exception cref="UnknownExperienceException">A rated experience is not in the run.</exception>
    public static AgreementReport Of(RunRecord record, ImmutableArray<PersonRating> ratings, MeasurementLevel level, double? keepAt)
    {
        ArgumentNullException.ThrowIfNull(record);
        var seed = record.Plan.Seed.Derive("agreement").Value;
        var experiences = RatedExperiences.Of(record, ratings);
        string[] raters = [.. ratings.Select(r => r.Rater).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];
        var (rows, notes) = (ImmutableArray.CreateBuilder<AgreementRow>(), ImmutableArray.CreateBuilder<string>());
        if (raters.Length > 1)
            rows.Add(Row("people", level, e => raters.Select(r => e.By(r))));
        else
            notes.Add("There is one rater, so people cannot be compared with each other.");

        var judges = experiences.SelectMany(e => e.Judges.Keys).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal).ToArray();
        if (judges.Length == 0)
            notes.Add("No judge rated these experiences, so people cannot be compared with one.");
        foreach (var judge in judges)
        {
            foreach (var rater in raters)
                rows.Add(Row($"{rater} and the judge {judge}", level, e => [e.By(rater), e.JudgedBy(judge, level)]));
            if (raters.Length > 1)
                rows.Add(Row($"people and the judge {judge}", level, e => [.. raters.Select(r => e.By(r)), e.JudgedBy(judge, level)]));
        }

        var isBinary = ratings.All(r => r.Value is 0 or 1);
        if (keepAt is { } bound || isBinary && (bound = 1) == 1)
        {
            foreach (var rater in raters)
                rows.Add(Row($"{rater} and the verdicts", MeasurementLevel.Nominal, e => [e.Keeps(rater, bound), e.Verdict]));
        }
        else
        {
            notes.Add("Ratings other than 0 and 1 say nothing of verdicts by themselves; with --keep-at they do.");
        }

        return new AgreementReport([.. raters], experiences.Length, rows.ToImmutable(), notes.ToImmutable());

        AgreementRow Row(string who, MeasurementLevel of, Func<RatedExperience, IEnumerable<double>> values) =>
            new(who, of, KrippendorffAlpha.Of([.. experiences.Select(e => values(e).ToArray())], of, Confidence, seed));
    }
}

/// <summary>A rated experience is not in the run.</summary>
public sealed class UnknownExperienceException(string message) : Exception(message);

/// <summary>An experience with the ratings of people and judges.</summary>
/// <param name="People">By rater.</param>
/// <param name="Judges">The scores of the rated samples, by judge.</param>
/// <param name="Verdict">1 for keep, 0 for reject, NaN for held.</param>
internal sealed record RatedExperience(
    IReadOnlyDictionary<string, double> People,
    IReadOnlyDictionary<string, double[]> Judges,
    double Verdict
)
{
    public double By(string rater) => People.TryGetValue(rater, out var value) ? value : double.NaN;

    public double Keeps(string rater, double keepAt) =>
        By(rater) is var value && double.IsNaN(value) ? double.NaN
        : value >= keepAt ? 1
        : 0;

    // The mean is a rating only if differences are comparable; else the lower median, which is a point of the scale.
    public double JudgedBy(string judge, MeasurementLevel level) =>
        !Judges.TryGetValue(judge, out var scores) || scores.Length == 0 ? double.NaN
        : level == MeasurementLevel.Interval ? scores.Average()
        : scores.Order().ElementAt((scores.Length - 1) / 2);
}

/// <summary>Collects the rated experiences of a run.</summary>
internal static class RatedExperiences
{
    public static ImmutableArray<RatedExperience> Of(RunRecord record, ImmutableArray<PersonRating> ratings)
    {
        Dictionary<string, (Dictionary<MemoryId, double> Verdicts, ILookup<MemoryId, Rated> Judges)> instances = new(
            StringComparer.Ordinal
        );
        var all = ImmutableArray.CreateBuilder<RatedExperience>();
        foreach (var group in ratings.GroupBy(r => (r.Instance, r.Experience)).OrderBy(g => g.Key.Instance, StringComparer.Ordinal))
        {
            var (name, id) = group.Key;
            if (!instances.TryGetValue(name, out var instance))
                instances[name] = instance = Read(record, group.First());
            if (!instance.Verdicts.TryGetValue(id, out var verdict))
                throw new UnknownExperienceException(
                    $"{group.First().Place}: id: the instance {name} has no experience {id}; expected e1 to e{instance.Verdicts.Count}"
                );
            all.Add(
                new RatedExperience(
                    group.ToDictionary(r => r.Rater, r => r.Value, StringComparer.Ordinal),
                    instance
                        .Judges[id]
                        .GroupBy(r => r.Judge, StringComparer.Ordinal)
                        .ToDictionary(
                            j => j.Key,
                            j => j.Select(r => r.Answer).OfType<JudgeAnswer.Rating>().Select(r => (double)r.Score).ToArray(),
                            StringComparer.Ordinal
                        ),
                    verdict
                )
            );
        }

        return all.ToImmutable();
    }

    private static (Dictionary<MemoryId, double>, ILookup<MemoryId, Rated>) Read(RunRecord record, PersonRating rating)
    {
        var instance = record.Instances.FirstOrDefault(i => i.Name == rating.Instance)
            ?? throw new UnknownExperienceException(
                $"{rating.Place}: id: the run {record.Plan.Run} has no planned instance '{rating.Instance}'"
                    + Corpora.Nearest.Hint(rating.Instance, record.Instances.Select(i => i.Name))
            );
        var events = instance.Events.Select(e => e.Happened).ToArray();
        return (
            SettledVerdicts
                .Of(events)
                .ToDictionary(
                    s => s.Id,
                    s =>
                        s.Verdict switch
                        {
                            Verdict.Keep => 1,
                            Verdict.Reject => 0,
                            _ => double.NaN,
                        }
                ),
            events.OfType<Rated>().ToLookup(r => MemoryId.OfCycle(r.Cycle))
        );
    }
}
