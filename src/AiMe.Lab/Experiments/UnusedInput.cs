using AiMe.Lab.Experiments.Readers;
using AiMe.Lab.Experiments.Yaml;

namespace AiMe.Lab.Experiments;

/// <summary>Finds what an experiment names or contains and never uses.</summary>
internal static class UnusedInput
{
    /// <summary>Reports each unused part in one sentence, with the key that it belongs to.</summary>
    public static void Of(Experiment experiment, MappingNode root, Action<string, string[]> say)
    {
        OfMatrix(experiment, root, say);
        OfStimuli(experiment, say);
        OfCharter(experiment, say);
        OfProbes(experiment, say);
        if (experiment.Model is NanoModel nano)
            OfCorpus(nano, say);
    }

    // A listed variant has the experiment's own value.
    private static void OfMatrix(Experiment experiment, MappingNode root, Action<string, string[]> say)
    {
        if (root.Entries.Any(e => e.Key == "variants"))
            return;
        foreach (var path in experiment.Axes.Select(a => a.Split('.')))
        {
            YamlNode? own = root;
            foreach (var key in path)
                own = (own as MappingNode)?.Entries.FirstOrDefault(e => e.Key == key)?.Value;
            if (own is not null)
                say("the matrix sets this in every variant, so the experiment's own value is not used", path);
        }
    }

    private static void OfStimuli(Experiment experiment, Action<string, string[]> say)
    {
        var (used, all) = (experiment.Stimuli.Length, experiment.StimuliInFile);
        if (all > used)
            say(
                $"the first {used} of {all} stimuli are used, the last {all - used} {(all - used == 1 ? "is" : "are")} not",
                ["stimuli", "count"]
            );
    }

    private static void OfCharter(Experiment experiment, Action<string, string[]> say)
    {
        var measured = experiment.Probes.Choices.Select(p => p.Measures).ToHashSet(StringComparer.Ordinal);
        string[] traits = [.. experiment.Charter.Traits.Where(t => !measured.Contains(t))];
        if (!experiment.Charters.IsEmpty)
            OfCharters(experiment, measured, say);
        else if (traits.Length > 0)
            say(
                $"no probe measures {Names("the trait", traits)} of the charter, so the measured drift does not include "
                    + $"{(traits.Length == 1 ? "it" : "them")}",
                ["probes", "set"]
            );
        var (drives, cycles) = (experiment.Charter.Drives, experiment.Size.Cycles - experiment.Stimuli.Length);
        if (experiment.Charters.IsEmpty && cycles > 0 && cycles < drives.Length)
            say(
                $"an instance asks itself {Count(cycles, "question")}, so {Names("the drive", [.. drives.Skip(cycles).Select(d => d.Id)])} "
                    + "of the charter never "
                    + $"{(drives.Length - cycles == 1 ? "occurs" : "occur")}",
                ["stimuli", "internal-every"]
            );
    }

    // One sentence for all: charters that were drawn share their traits.
    private static void OfCharters(Experiment experiment, HashSet<string> measured, Action<string, string[]> say)
    {
        var unmeasured = experiment.Charters.Count(c => !c.Charter.Traits.Any(measured.Contains));
        if (unmeasured > 0)
            say(
                $"of {unmeasured} of the {experiment.Charters.Length} charters no trait is measured by a probe: drift is measured, and not "
                    + "whether it leaves the charter",
                ["probes", "set"]
            );
    }

    private static void OfProbes(Experiment experiment, Action<string, string[]> say)
    {
        string[] open = [.. experiment.Probes.Open.Where(p => p.Asks.Length > 1).Select(p => p.Id)];
        if (open.Length > 0)
            say($"only the first wording of {Names("the open probe", open)} is asked", ["probes", "set"]);
    }

    // A part of a grammar has the same keys as a grammar, and no other file of an experiment has them.
    private static void OfCorpus(NanoModel model, Action<string, string[]> say)
    {
        if (CorpusFile.Files(model.Corpus, new Problems()) is not { } files)
            return;
        string[] beside = Directory.GetFiles(Path.GetDirectoryName(Path.GetFullPath(model.Corpus))!, "*.yaml");
        // Another grammar, and what it includes, are not forgotten parts of this one.
        var others = beside.Where(IsGrammar).SelectMany(g => CorpusFile.Files(g, new Problems()) ?? [(g, "")]);
        var used = files.Concat(others).Select(f => Path.GetFullPath(f.Path)).ToHashSet(StringComparer.Ordinal);
        string[] forgotten =
        [
            .. beside.Where(f => !used.Contains(f) && IsPart(f)).Select(f => Path.GetFileName(f)!).Order(StringComparer.Ordinal),
        ];
        if (forgotten.Length > 0)
            say($"the grammar does not include {Names("the file", forgotten)} beside it", ["model", "corpus"]);
    }

    private static bool IsGrammar(string file) =>
        TextFile.ReadMapping(file, "a corpus", new Problems()) is { } root && root.Entries.Any(e => e.Key is "include");

    private static bool IsPart(string file) =>
        TextFile.ReadMapping(file, "a corpus", new Problems()) is { } root
        && root.Entries.Any(e => e.Key is "tables" or "symbols" or "records");

    private static string Names(string noun, string[] names) =>
        $"{noun}{(names.Length == 1 ? "" : "s")} {string.Join(", ", names.Select(n => $"'{n}'"))}";

    private static string Count(int n, string noun) => $"{n} {noun}{(n == 1 ? "" : "s")}";
}
