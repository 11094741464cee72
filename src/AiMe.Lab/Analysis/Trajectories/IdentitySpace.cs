using System.Collections.Immutable;
using AiMe.Effects;
using AiMe.Faculties;
using AiMe.Faculties.Self;
using AiMe.Lab.History;
using AiMe.Metrics.Statistics;

namespace AiMe.Lab.Analysis.Trajectories;

/// <summary>The ways of a run's instances through the space of answers to the choice probes, on two fixed axes.</summary>
/// <remarks>
/// A place is the square root of each option's probability, over all options of all choice probes of the bare model, so that
/// the distance of two places grows with the Hellinger distance of their answers. The origin is the mean place at generation
/// 0. The axes are the first two principal components, about that origin, of the earliest generation at which instances
/// differ: generation 0 if they differ there, else the first after it, since all usually share the model of generation 0.
/// Later generations never turn the axes. An axis points to where options that fit the charter are likelier.
/// Source: docs/REPORT.md, "Identity space".
/// </remarks>
/// <param name="AxesFrom">The generation from which the axes were found.</param>
/// <param name="Shares">Share of the sum of squares at that generation along each axis, in [0, 1].</param>
/// <param name="LastShare">Share of the sum of squares at the last generation along both axes, in [0, 1].</param>
/// <param name="Probes">Number of choice probes that every instance answered at every generation.</param>
/// <param name="LeftOut">Number of choice probes that are left out because an answer is unknown.</param>
public sealed record IdentitySpace(
    int AxesFrom,
    ImmutableArray<double> Shares,
    double LastShare,
    int Probes,
    int LeftOut,
    ImmutableArray<IdentityPath> Paths
)
{
    private const double Moved = 1e-9;

    /// <summary>The ways up to a generation; null if no instance differs from another, or from its beginning, in any answer.</summary>
    public static IdentitySpace? Of(RunRecord record, int generation)
    {
        ArgumentNullException.ThrowIfNull(record);
        var probed = record
            .Instances.Select(i =>
                (Instance: i, At: i.Events.Select(e => e.Happened).OfType<Probed>().Where(p => p.Generation <= generation).ToArray())
            )
            .Where(i => i.At.Length > 0)
            .Select(i => (i.Instance, Answers: i.At.Select(p => Identity.Means(p.Results.Bare)).ToArray()))
            .ToArray();
        ChoiceProbe[] known = [.. record.Plan.Probes.Choices.Where(c => probed.All(i => i.Answers.All(a => a.ContainsKey(c.Id))))];
        if (probed.Length == 0 || known.Length == 0)
            return null;
        var places = probed.Select(i => (i.Instance, At: i.Answers.Select(a => Place(known, a)).ToArray())).ToArray();
        double[] origin = [.. places[0].At[0].Select((_, d) => places.Sum(p => p.At[0][d]) / places.Length)];
        double[] charter = [.. known.SelectMany(c => c.Options.Select((_, o) => o == c.Keyed ? 1.0 : 0.0))];
        for (var g = 0; g <= generation; g++)
        {
            double[][] rows = [.. places.Where(p => p.At.Length > g).Select(p => p.At[g])];
            if (!rows.Any(r => r.Zip(origin, (a, b) => Math.Abs(a - b)).Max() > Moved))
                continue;
            var axes = PrincipalComponents.Of(rows, origin, 2, charter);
            var last = places.Max(p => p.At.Length) - 1;
            return new IdentitySpace(
                g,
                [.. axes.Shares],
                axes.ShareOf([.. places.Where(p => p.At.Length > last).Select(p => p.At[last])]),
                known.Length,
                record.Plan.Probes.Choices.Length - known.Length,
                [
                    .. places.Select(p => new IdentityPath(
                        p.Instance.Name,
                        p.Instance.Variant.Name,
                        p.Instance.Replicate,
                        [.. p.At.Select(row => PointOf(axes.Project(row)))]
                    )),
                ]
            );
        }

        return null;
    }

    private static double[] Place(ChoiceProbe[] probes, Dictionary<string, double[]> answers) =>
        [.. probes.SelectMany(c => answers[c.Id]).Select(p => Math.Sqrt(Math.Max(0, p)))];

    // A space of one dimension has no second axis.
    private static (double First, double Second) PointOf(double[] at) => (at.ElementAtOrDefault(0), at.ElementAtOrDefault(1));
}

/// <summary>The way of one instance.</summary>
/// <param name="Points">By generation, from 0.</param>
public sealed record IdentityPath(string Instance, string Variant, int Replicate, ImmutableArray<(double First, double Second)> Points);
