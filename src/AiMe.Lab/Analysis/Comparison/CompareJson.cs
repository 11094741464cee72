using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace AiMe.Lab.Analysis.Comparison;

/// <summary>A comparison as JSON, with full precision.</summary>
/// <remarks>
/// Keys are camelCase and stable, and every key is always present: undefined values are null. Fractions stay fractions
/// (0.05 is 5%). Intervals are 95% Student intervals over instances. Series run from generation 0. <c>fixed</c>: the
/// measure could not change, because the weights did not; for a pair, one side could not change, so there is nothing to
/// test. <c>effect</c> is exploratory: Hedges' g_z of the paired differences with its interval, superiority in [0, 1]
/// and the rank-biserial correlation in [-1, 1]. <c>beside</c>: instances of a variant that received unplanned
/// input before the compared generation; for an instance, the experiences from such input. <c>family</c>: comparisons
/// declared for the whole run, shown or not.
/// </remarks>
public static class CompareJson
{
    /// <summary>Writes one line of UTF-8, without a line feed.</summary>
    public static byte[] Write(RunComparison comparison)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer, new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
            Write(json, comparison);
        return buffer.WrittenSpan.ToArray();
    }

    private static void Write(Utf8JsonWriter json, RunComparison c)
    {
        json.WriteStartObject();
        json.WriteString("run", c.Plan.Run);
        json.WriteString("digest", c.Digest); // null until the run has ended
        json.WriteNumber("replicates", c.Plan.Replicates);
        json.WriteNumber("rounds", c.Plan.Rounds);
        json.WriteNumber("generation", c.Generation);
        json.WriteNumber("reached", c.Reached);
        json.WriteString("baseline", c.Baseline); // null if every pair is compared
        json.WriteNumber("family", c.Family);
        json.WriteNumber("experiences", c.Experiences);
        json.WriteNumber("distinct2Words", c.WordBudget);
        json.WriteNumber("confidence", Estimate.Level);
        Number(json, "floor", c.Floor);
        Number(json, "agentFloor", c.AgentFloor);
        Array(json, "measures", c.Measures, m =>
        {
            json.WriteString("key", m.Key);
            json.WriteString("title", m.Title);
            json.WriteString("meaning", m.Meaning);
        });
        Array(json, "variants", c.Variants, v => Variant(json, c, v));
        Array(json, "pairs", c.Pairs.Where(p => c.Measures.Any(m => m.Key == p.Measure.Key)), p => Pair(json, p));
        Array(json, "lives", c.Instances, l => InstanceSummaryJson.Write(json, l, c.WordBudget));
        Array(json, "findings", Findings.Of(c), f =>
        {
            json.WriteString("about", f.About);
            json.WriteString("text", f.Text);
        });
        json.WriteEndObject();
    }

    private static void Variant(Utf8JsonWriter json, RunComparison c, VariantSummary v)
    {
        json.WriteString("name", v.Name);
        json.WriteString(
            "weights",
            v.Weights switch
            {
                Weighting.Changed => "changed",
                Weighting.NeverTrained => "never-trained",
                _ => "none-promoted",
            }
        );
        json.WriteNumber("planned", v.Planned);
        json.WriteNumber("censored", v.Censored);
        json.WriteNumber("beside", c.Instances.Count(l => l.Variant == v.Name && l.IsUnplannedBy(c.Generation)));
        json.WriteNumber("unpromoted", v.Unpromoted);
        json.WriteNumber("promoted", v.Trainings.Promoted);
        json.WriteNumber("rolledBack", v.Trainings.RolledBack);
        json.WriteNumber("failed", v.Trainings.Failed);
        json.WriteNumber("skipped", v.Trainings.Skipped);
        Array(json, "causes", v.Trainings.Causes, cause =>
        {
            json.WriteString("cause", cause.Cause);
            json.WriteNumber("times", cause.Times);
        });
        json.WriteStartObject("measures");
        foreach (var measure in c.Measures)
        {
            var series = v[measure];
            json.WriteStartObject(measure.Key);
            json.WriteBoolean("fixed", v.IsFixed(measure));
            Estimated(json, series[^1]);
            Array(json, "series", series, e => Estimated(json, e));
            json.WriteEndObject();
        }

        json.WriteEndObject();
    }

    private static void Pair(Utf8JsonWriter json, PairSummary p)
    {
        json.WriteString("first", p.First);
        json.WriteString("second", p.Second);
        json.WriteString("measure", p.Measure.Key);
        Estimated(json, p.Difference);
        Number(json, "p", p.P);
        Number(json, "correctedP", p.CorrectedP);
        json.WriteBoolean("declared", p.Declared);
        json.WriteBoolean("cannotReachSignificance", p.CannotReach);
        json.WriteBoolean("fixed", p.IsFixed);
        json.WriteBoolean("claim", p.IsClaim);
        var effect = p.Effect;
        json.WriteStartObject("effect");
        Number(json, "g", effect.G.Mean);
        Number(json, "low", effect.G.Low);
        Number(json, "high", effect.G.High);
        Number(json, "superiority", effect.Superiority);
        Number(json, "rankBiserial", effect.RankBiserial);
        json.WriteEndObject();
    }

    private static void Estimated(Utf8JsonWriter json, Estimate e)
    {
        Number(json, "mean", e.Mean);
        Number(json, "low", e.Low);
        Number(json, "high", e.High);
        json.WriteNumber("n", e.N);
    }

    /// <summary>Writes a number, or null if it is undefined or infinite.</summary>
    internal static void Number(Utf8JsonWriter json, string key, double value)
    {
        if (double.IsFinite(value))
            json.WriteNumber(key, value);
        else
            json.WriteNull(key);
    }

    /// <summary>Writes an array of objects.</summary>
    internal static void Array<T>(Utf8JsonWriter json, string key, IEnumerable<T> items, Action<T> members)
    {
        json.WriteStartArray(key);
        foreach (var item in items)
        {
            json.WriteStartObject();
            members(item);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }
}
