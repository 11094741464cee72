using System.Collections.Immutable;
using AiMe.Corpora;
using AiMe.Faculties.Curation;
using AiMe.Faculties.Supervisor;
using AiMe.Lab.Experiments.Readers;
using AiMe.Lab.Experiments.Yaml;

namespace AiMe.Lab.Analysis.Recuration;

/// <summary>Reads a policy from the command line: a variant, a shipped policy, a file, or YAML.</summary>
public static class PolicyReader
{
    /// <summary>Reads a policy.</summary>
    /// <param name="text">Such as <c>aligned</c>, <c>policy.yaml</c> or <c>[{dedupe: 0.9}]</c>.</param>
    /// <param name="plan">Plan of the run; its variants' names take precedence.</param>
    /// <param name="shipped">Files of shipped policies by name.</param>
    /// <returns>The policy, null if it is invalid, and all problems with line and column.</returns>
    public static (NamedPolicy? Policy, ImmutableArray<Problem> Problems) Read(
        string text,
        RunPlan plan,
        IReadOnlyDictionary<string, string> shipped
    )
    {
        Problems problems = new();
        if (plan.Variants.FirstOrDefault(v => v.Name == text) is { } variant)
            return (new NamedPolicy(text, variant.Curate), []);
        var rules =
            IsYaml(text) ? Inline(text, plan, problems)
            : shipped.TryGetValue(text, out var file) ? InFile(file, plan, problems)
            : File.Exists(text) || text.AsSpan().IndexOfAny('/', '\\', '.') >= 0 ? InFile(text, plan, problems)
            : Unknown(text, plan, shipped, problems);
        return problems.Any || rules is not { } read
            ? (null, problems.All)
            : (new NamedPolicy(IsYaml(text) ? Words(read) : text, read), problems.All);
    }

    // A path may contain a colon, but not followed by a space.
    private static bool IsYaml(string text) =>
        text.TrimStart() is ['[' or '{', ..] || text.Contains(": ", StringComparison.Ordinal) || text.Contains('\n');

    private static ImmutableArray<Rule>? Inline(string text, RunPlan plan, Problems problems) =>
        YamlText.Read("--policy", text, problems) switch
        {
            null => null,
            MappingNode m when m.Entries.Any(e => e.Key == "curate") => Whole(m, plan, problems),
            // a single rule
            MappingNode m => RuleReader.Policy(new FieldReader("curate", new SequenceNode(m.At, [m]), problems), [], Named(plan)),
            var node => RuleReader.Policy(new FieldReader("curate", node, problems), [], Named(plan)),
        };

    private static ImmutableArray<Rule>? InFile(string path, RunPlan plan, Problems problems) =>
        TextFile.ReadMapping(path, "a policy, such as  curate: [{dedupe: 0.9}]", problems) is { } mapping
            ? Whole(mapping, plan, problems)
            : null;

    private static ImmutableArray<Rule>? Whole(MappingNode mapping, RunPlan plan, Problems problems)
    {
        Section s = new("", mapping, problems);
        var rules = s.Need("curate", "a list of rules, such as [{dedupe: 0.9}]") is { } field
            ? RuleReader.Policy(field, [], Named(plan))
            : [];
        s.Close();
        return rules;
    }

    private static ImmutableArray<Rule>? Unknown(string text, RunPlan plan, IReadOnlyDictionary<string, string> shipped, Problems problems)
    {
        string[] variants = [.. plan.Variants.Select(v => v.Name)],
            names = [.. shipped.Keys.Order(StringComparer.Ordinal)];
        problems.Fail(
            Place.Of($"--policy {text}"),
            "",
            $"found '{text}', expected a variant of {plan.Run} ({string.Join(", ", variants)}), a shipped policy "
                + $"({string.Join(", ", names)}), a YAML file, or rules such as [{{dedupe: "
                + $"0.9}}]{Nearest.Hint(text, [.. variants, .. names])}"
        );
        return null;
    }

    private static ImmutableArray<(string Name, ImmutableArray<Rule> Policy)> Named(RunPlan plan) =>
        [.. plan.Variants.Select(v => (v.Name, v.Curate))];

    private static string Words(ImmutableArray<Rule> rules) =>
        rules.IsEmpty ? "keep-all" : string.Join(", ", rules.Select(r => r.ToString()));
}
