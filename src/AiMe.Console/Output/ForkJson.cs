using System.Text.Json;
using AiMe.Faculties.Supervisor;
using AiMe.Lab.Analysis.Comparison;
using AiMe.Lab.Runs.Forks;

namespace AiMe.Console.Output;

/// <summary>The result of a fork as JSON.</summary>
internal static class ForkJson
{
    /// <summary>Returns one object.</summary>
    public static byte[] Of(ForkReport report) =>
        JsonObject.Of(json =>
        {
            var order = report.Target.Order;
            json.WriteString("run", report.Run.Plan!.Run);
            json.WriteString("parent", order.Parent);
            json.WriteNumber("event", order.Index);
            json.WriteString("where", report.Where);
            json.WriteBoolean("over", report.Over);
            json.WriteObjects("changes", report.Changes, c =>
            {
                json.WriteString("what", c.What);
                json.WriteString("how", c.How);
            });
            json.WriteObjects("forks", report.Made, w => Fork(json, report, w));
            if (report.Comparison is { } comparison)
                json.WriteObject("comparison", () => Difference(json, comparison));
        });

    private static void Fork(Utf8JsonWriter json, ForkReport report, ForkRequest wish)
    {
        var instance = report.Run.Instances[wish.Name];
        json.WriteString("instance", wish.Name);
        json.WriteBoolean(
            "changed",
            (wish.Changed is { } c ? c with { Seed = report.Target.Order.Before.Seed } : report.Target.Order.Before).Equals(
                report.Target.Order.Changed with
                {
                    Seed = report.Target.Order.Before.Seed,
                }
            ) && report.Changes.Any()
        );
        json.WriteString("seed", (wish.Changed?.Seed ?? report.Target.Order.Before.Seed).ToString());
        json.WriteString("status", instance.Status.ToString().ToLowerInvariant());
        json.WriteString("parked", instance.Reason);
        json.WriteNumber("cycle", instance.Cycle);
        json.WriteNumber("generation", instance.Generation);
        json.WriteString("digest", instance.IsAtRest ? instance.Heads.Digest() : null);
    }

    private static void Difference(Utf8JsonWriter json, RunComparison comparison)
    {
        var (changed, same) = (comparison.Variants[0], comparison.Variants[1]);
        json.WriteNumber("generation", comparison.Generation);
        json.WriteString("over", "sampling and training after the event, within one instance");
        json.WriteNumber("level", Estimate.Level);
        json.WriteObjects("measures", comparison.Measures, measure =>
        {
            var pair = comparison.Pair(changed.Name, same.Name, measure);
            json.WriteString("measure", measure.Key);
            json.WriteObject("unchanged", () => Write(json, same.Last(measure)));
            json.WriteObject("changed", () => Write(json, changed.Last(measure)));
            json.WriteObject("difference", () => Write(json, pair.Difference));
            json.WriteFigure("p", pair.P);
            json.WriteBoolean("declared", pair.Declared);
        });
    }

    private static void Write(Utf8JsonWriter json, Estimate estimate)
    {
        json.WriteFigure("mean", estimate.Mean);
        json.WriteFigure("low", estimate.Low);
        json.WriteFigure("high", estimate.High);
        json.WriteNumber("n", estimate.N);
    }
}
