using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using System.Text.Json;
using AiMe.Faculties.Supervisor;
using AiMe.Lab.Analysis.Comparison;
using static AiMe.Lab.Analysis.Preregistration.RegistrationMarkdown;

namespace AiMe.Lab.Analysis.Preregistration;

/// <summary>Every setting of a registered run, as tables of its Markdown page.</summary>
internal static class SettingTables
{
    private const string Digest = " (SHA-256)";
    private const string Beginning = " (SHA-256, first 8 digits)";

    private static readonly ImmutableArray<string> Digests = ["charter", "stimuli.source", "probes.set"];
    private static readonly ImmutableArray<string> Elsewhere = ["model", "replicates", "variants", "analysis"];

    /// <summary>The settings of the run, those in which variants differ, and those that all variants share.</summary>
    public static void Append(StringBuilder page, RegistrationPage r, RunPlan plan)
    {
        OfRun(page, r, plan);
        OfVariants(page, r);
    }

    // What is part of the design above, or known only after the first training, is not said again.
    private static void OfRun(StringBuilder page, RegistrationPage r, RunPlan plan)
    {
        page.Append("| setting of the run | value |\n|---|---|\n");
        foreach (var (key, value) in DistinctSettings.Common(plan).Where(s => !Elsewhere.Contains(s.Key, StringComparer.Ordinal)))
            page.Append(
                CultureInfo.InvariantCulture,
                $"| {key}{(Digests.Contains(key, StringComparer.Ordinal) ? Beginning : "")} | {Escaped(value)} |\n"
            );
        if (r.Model is { ValueKind: JsonValueKind.Object } model)
        {
            foreach (var member in model.EnumerateObject())
                page.Append(
                    CultureInfo.InvariantCulture,
                    $"| model.{member.Name}{(member.Name == "corpus" ? Digest : "")} | {Escaped(ValueOf(member))} |\n"
                );
        }

        page.Append('\n');
    }

    // Settings that all variants share are said once.
    private static void OfVariants(StringBuilder page, RegistrationPage r)
    {
        var variants = r.Design.Variants;
        string[] keys = [.. variants.SelectMany(v => v.Settings.Keys).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];
        var differing = keys.Where(k => variants.Select(v => v.Settings.GetValueOrDefault(k, "-")).Distinct().Count() > 1).ToArray();
        if (differing.Length > 0)
        {
            page.Append(CultureInfo.InvariantCulture, $"| variant | {string.Join(" | ", differing)} |\n");
            page.Append(CultureInfo.InvariantCulture, $"|---|{string.Concat(differing.Select(_ => "---|"))}\n");
            foreach (var v in variants)
                page.Append(
                    CultureInfo.InvariantCulture,
                    $"| {v.Name} | {string.Join(" | ", differing.Select(k => Escaped(v.Settings.GetValueOrDefault(k, "-"))))} |\n"
                );
            page.Append('\n');
        }

        page.Append("| setting of all variants | value |\n|---|---|\n");
        foreach (var key in keys.Except(differing))
            page.Append(CultureInfo.InvariantCulture, $"| {key} | {Escaped(variants[0].Settings[key])} |\n");
        page.Append('\n');
    }

    // A seed is a number in an experiment file, and hexadecimal in the canonical form.
    private static string ValueOf(JsonProperty member) =>
        member.Name == "seed" && ulong.TryParse(member.Value.ToString(), NumberStyles.HexNumber, CultureInfo.InvariantCulture, out var seed)
            ? seed.ToString(CultureInfo.InvariantCulture)
            : member.Value.ToString();
}
