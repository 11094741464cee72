using System.Collections.Immutable;
using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using AiMe.Faculties;
using AiMe.Faculties.Supervisor;
using AiMe.Lab.Experiments;

namespace AiMe.Lab.Analysis.Comparison;

/// <summary>The settings of a run in which the runs of its experiment differ.</summary>
/// <remarks>A plan does not record what <c>--set</c> changed, so the runs are compared with each other.</remarks>
public static class DistinctSettings
{
    private const int Digits = 8;
    private const string Source = "stimuli.source";

    /// <summary>The seed, and every setting that another run of the experiment has with another value.</summary>
    /// <param name="others">Plans of the same experiment; this plan among them changes nothing.</param>
    /// <returns>Keys of the experiment file; a setting of one variant is preceded by the variant's name.</returns>
    public static ImmutableArray<(string Key, string Value)> Of(RunPlan plan, IReadOnlyCollection<RunPlan> others)
    {
        ArgumentNullException.ThrowIfNull(plan);
        ArgumentNullException.ThrowIfNull(others);
        var seed = ("seed", plan.Seed.Value.ToString(CultureInfo.InvariantCulture));
        if (others.Count == 0)
            return [seed];
        // Stimuli of another number are other stimuli: the number says it.
        var theirs = others
            .SelectMany(o => Common(o).Where(s => s.Key != Source || o.Stimuli.Length == plan.Stimuli.Length))
            .ToLookup(s => s.Key, s => s.Value, StringComparer.Ordinal);
        return [seed, .. Common(plan).Where(s => theirs[s.Key].Any(value => value != s.Value)), .. OfVariants(plan, others)];
    }

    /// <summary>The settings in one line: <c>seed 43, replicates 60</c>.</summary>
    public static string Words(IEnumerable<(string Key, string Value)> settings) =>
        string.Join(", ", settings.Select(s => $"{s.Key} {s.Value}"));

    /// <summary>All settings of a plan; those of a variant are preceded by <c>variants.</c> and its name.</summary>
    internal static IEnumerable<(string Key, string Value)> All(RunPlan plan) =>
        [
            ("seed", plan.Seed.Value.ToString(CultureInfo.InvariantCulture)),
            .. Common(plan),
            .. plan.Variants.SelectMany(v => SettingKeys.Of(v).Select(s => ($"variants.{v.Name}.{s.Key}", s.Value))),
        ];

    /// <summary>The settings of a whole run, without its seed.</summary>
    internal static (string Key, string Value)[] Common(RunPlan p) =>
        [
            ("loop-version", Text(p.LoopVersion ?? LoopVersion.First)),
            ("replicates", Text(p.Replicates)),
            ("epoch", p.Epoch.ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture)),
            ("tick", p.Tick.ToString("c", CultureInfo.InvariantCulture)),
            p.Charters is { } several
                ? ("charters", Hash([.. several.Select(c => c with { Base = null })], CanonicalJson.Default.ImmutableArrayCharterPlan))
                : ("charter", Hash(p.Charter, CanonicalJson.Default.Charter)),
            ("model", p.Base.Short),
            ("stimuli.count", Text(p.Stimuli.Length)),
            (Source, Hash(p.Stimuli, CanonicalJson.Default.ImmutableArrayStimulus)),
            ("stimuli.internal-every", Text(p.InternalEvery)),
            ("probes.set", Hash(p.Probes, CanonicalJson.Default.ProbeSet)),
            ("train.every", Text(p.Every)),
            ("analysis", p.Analysis is { } analysis ? Hash(analysis, CanonicalJson.Default.AnalysisPlan) : "none"),
            ("variants", string.Join(' ', p.Variants.Select(v => v.Name))),
        ];

    private static IEnumerable<(string Key, string Value)> OfVariants(RunPlan plan, IReadOnlyCollection<RunPlan> others)
    {
        var own = plan
            .Variants.SelectMany(v => SettingKeys.Of(v).Where(s => DiffersIn(v.Name, s, others)).Select(s => (Variant: v.Name, Setting: s)))
            .GroupBy(s => s.Setting.Key, StringComparer.Ordinal);
        foreach (var key in own)
        {
            // A setting of the whole experiment is said once.
            if (key.Count() == plan.Variants.Length && key.DistinctBy(s => s.Setting.Value).Count() == 1)
                yield return key.First().Setting;
            else
                foreach (var (variant, (name, value)) in key)
                    yield return ($"variants.{variant}.{name}", value);
        }
    }

    private static bool DiffersIn(string variant, (string Key, string Value) setting, IEnumerable<RunPlan> others) =>
        others
            .SelectMany(o => o.Variants)
            .Where(v => v.Name == variant)
            .SelectMany(SettingKeys.Of)
            .Any(t => t.Key == setting.Key && t.Value != setting.Value);

    // The contents of a file, of which a plan does not know the name.
    private static string Hash<T>(T content, JsonTypeInfo<T> type) =>
        Convert.ToHexStringLower(SHA256.HashData(JsonSerializer.SerializeToUtf8Bytes(content, type)))[..Digits];

    private static string Text(int value) => value.ToString(CultureInfo.InvariantCulture);
}
