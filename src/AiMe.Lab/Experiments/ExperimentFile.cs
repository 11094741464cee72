using System.Collections.Immutable;
using System.Text.RegularExpressions;
using AiMe.EventSourcing;
using AiMe.Faculties;
using AiMe.Faculties.Supervisor;
using AiMe.Lab.Experiments.Matrices;
using AiMe.Lab.Experiments.Populations;
using AiMe.Lab.Experiments.Readers;
using AiMe.Lab.Experiments.Schema;
using AiMe.Lab.Experiments.Yaml;

namespace AiMe.Lab.Experiments;

/// <summary>Reads experiment files. Writes nothing.</summary>
public static partial class ExperimentFile
{
    /// <summary>Pattern of experiment and variant names.</summary>
    internal const string NamePattern = "^[a-z0-9][a-z0-9-]*$";

    private const int LongestName = 40;

    // A run id is the name, a hyphen and 8 digits of the digest.
    private const int RunIdTail = 9;

    /// <summary>Keys that apply to a whole run, so that no variant may set them; of the model, it may set some.</summary>
    internal static ImmutableArray<string> RunKeys { get; } =
    [
        "name",
        "loop-version",
        "seed",
        "replicates",
        "epoch",
        "tick",
        "charter",
        "charters",
        "identity",
        "model",
        "embedder",
        "stimuli",
        "probes",
        "budget",
        "variants",
        "matrix",
        "events",
        "analysis",
        "replication",
    ];

    /// <summary>Reads an experiment with every file that it references, and reports all problems at once.</summary>
    /// <param name="path">The experiment file. Relative paths in a file are relative to that file.</param>
    /// <param name="sets">
    /// Overrides of single values, <c>train.every=12</c>; the value is YAML, and a path in it is relative to the
    /// working directory.
    /// </param>
    public static Loaded Load(string path, params IEnumerable<string> sets)
    {
        Problems problems = new();
        var root = TextFile.ReadMapping(path, "an experiment", problems);
        root = root is null ? null : Override.Apply(root, sets, problems);
        var experiment = root is null ? null : Read(path, new Section("", root, problems));
        return problems.Any || experiment is null
            ? new(null, problems.All)
            : new(experiment, problems.All) { Advice = Lab.Experiments.Lint.Of(experiment, root!) };
    }

    /// <summary>The experiment in a mapping, or null if it cannot run.</summary>
    internal static Experiment? Read(string path, Section s)
    {
        var name = Name(s.Need("name", "the experiment's name", "first part of the run's id: lower-case letters, digits and hyphens"));
        var loopVersion = Version(s);
        var seed = s.Seed("seed", Defaults.Seed, "two runs with one seed are identical, bit for bit");
        var perCharter = Replicates(s);
        var epoch = TimeReader.Epoch(s.Find("epoch", "logical time of cycle 0, UTC", TimeReader.Text(Defaults.Epoch)));
        var tickField = s.Find("tick", "logical time between cycles: a whole number and s, m, h or d", TimeReader.Text(Defaults.Tick));
        var tick = TimeReader.Tick(tickField);
        var charters = ChartersReader.Read(s);
        var replicates = charters?.ReplicatesOf(perCharter) ?? perCharter;
        var modelSection = s.Need("model", "{corpus: the path of a corpus}", "the model of generation 0")?.Section();
        var model = ModelReader.Read(modelSection, EmbedderReader.Read(s));
        var persona = s.Find("identity", IdentityReader.How);
        var (stimuli, inFile, internalEvery) = Stimuli(
            s.Need("stimuli", "{source: the path of a file of stimuli}", "the stimuli that the instances receive")?.Section()
        );
        var (probesFile, probes) = Probes(
            s.Need("probes", "{set: the path of a file of probes}", "the probes, asked at generation 0 and after every round")?.Section()
        );

        var bounds = s.Find("budget", BudgetReader.How);
        var self = SettingsReader.Generate(s.Find("generate", SettingsReader.HowAnswers), Defaults.Generate);
        var reflector = SettingsReader.Reflect(s.Find("reflect", SettingsReader.HowThoughts), Defaults.Reflect);
        var (memory, index) = SettingsReader.MemoryOfRun(s.Find("memory", SettingsReader.HowMemories), Defaults.Memory);
        var train = s.Find("train", TrainReader.How);
        var (trainer, every) = TrainReader.OfExperiment(
            train,
            model is NanoModel nano ? Defaults.Method(nano) : null,
            model is DistributionModel && train?.Asked is null ? Defaults.EpochsOfFit : Defaults.Train.Epochs
        );
        VariantPlan common = new(
            "",
            self,
            memory,
            reflector,
            RuleReader.Policy(s.Find("curate", RuleReader.How, RuleReader.Default()), Defaults.Curate),
            trainer
        );
        var tail = name.Length + RunIdTail + "/-".Length + replicates.ToString().Length;
        var listed = s.Find("variants", VariantReader.How);
        var axes = s.Find("matrix", MatrixReader.How);
        NeedVariants(s, listed, axes);
        var matrix = MatrixReader.Read(axes, VariantReader.LongestName - tail);
        var listedVariants = VariantReader.Read(
            listed,
            matrix ?? SettingMatrix.None,
            common,
            new VariantModelReader(model, modelSection?.Node.Entries.Any(e => e.Key == "records") == true),
            new VariantCharterReader(charters),
            tail,
            s.Problems
        );
        (model, var variants) = VariantModelReader.Settle(model, listedVariants);
        var design = matrix is null ? null : new Design(variants, matrix);
        var interventions = new InterventionReader(design, every, stimuli).Read(s.Find("events", InterventionReader.How));
        var analysis = AnalysisReader.Read(s.Find("analysis", AnalysisReader.How), design);
        var replication = ReplicationReader.Read(s.Find("replication", ReplicationReader.How));
        var budget = BudgetReader.Read(bounds, model, variants);
        var identities = IdentityReader.Read(persona, charters, model, trainer.Backend);
        s.Close();

        if (s.Problems.Any || charters is null || probes is not { } battery || model is null)
            return null;
        Experiment experiment = new(
            path,
            name,
            new Seed((ulong)seed),
            replicates,
            epoch,
            tick,
            every,
            model,
            charters.Members[0].Charter,
            battery,
            stimuli,
            internalEvery,
            variants
        )
        {
            CharterFile = charters.File,
            CharterText = charters.Text,
            Charters = charters.Several(identities),
            ProbesFile = probesFile!,
            StimuliInFile = inFile,
            Budget = budget,
            Analysis = analysis,
            Interventions = interventions,
            Replication = replication,
            Identity = identities.IsEmpty ? null : identities[0].Tuning,
            IdentityData = identities.IsEmpty ? default : identities[0].Data,
            Index = index,
            Axes = [.. matrix?.Axes.Select(a => a.Key) ?? []],
            LoopVersion = loopVersion == LoopVersion.First ? null : loopVersion,
        };
        WholeExperiment.Check(experiment, s, tickField, train);
        return experiment;
    }

    private static void NeedVariants(Section s, FieldReader? listed, FieldReader? axes)
    {
        s.Rule(() => SchemaRules.AnyOf("variants", "matrix"));
        if (listed is null && axes is null)
            s.Problems.Fail(
                s.At,
                "variants",
                "the key is missing, expected at least one variant, such as {keep-all: {curate: [keep-all]}}, or a matrix"
            );
    }

    private static int Replicates(Section s) =>
        s.Whole(
            "replicates",
            Defaults.Replicates,
            1,
            PlanLimits.Replicates,
            "instances of each variant; of each variant with each charter, if there are several"
        );

    private static int Version(Section s) =>
        s.Whole(
            "loop-version",
            LoopVersion.Usual,
            LoopVersion.First,
            LoopVersion.Newest,
            "rules of the loop. 1: an answer without text is a failed call; an insight has importance 10; what a prompt leaves out "
                + "is not recorded. 2: an answer without text is an experience; an insight has the mean importance of its evidence; "
                + "what a prompt leaves out is recorded. 3: also measures local models against generation 0 and answers on the "
                + "charter's axis. 4: also measures local models on common tokens"
        );

    private static string Name(FieldReader? field)
    {
        if (field is null)
            return "";
        var name = field.Text("a name of lower-case letters, digits and hyphens");
        field.Asked?.Name(NamePattern, LongestName);
        if (name.Length > 0 && !NameForm().IsMatch(name))
            field.Expected("a name of lower-case letters, digits and hyphens that begins with a letter or digit");
        else if (name.Length > LongestName)
            field.Fail($"found a name of {name.Length} characters, expected at most {LongestName}");
        return name;
    }

    private static (ImmutableArray<Stimulus> Stimuli, int InFile, int InternalEvery) Stimuli(Section? s)
    {
        if (s is null)
            return ([], 0, 0);
        var source = s.Need(
            "source",
            "the path of a file of stimuli",
            "a file, relative to this one: one JSON object a line, with id, text and, optionally, topic, kind, check"
        )
            is { } field
            ? TextFile.Referred(field, "the stimuli")
            : null;
        var count = s.Find("count", "number of stimuli, from the first; all by default");
        var wanted = (int)(count?.Whole(1, 1, PlanLimits.Stimuli) ?? PlanLimits.Stimuli);
        var internalEvery = s.Whole(
            "internal-every",
            Defaults.InternalEvery,
            0,
            PlanLimits.Stimuli,
            "number of stimuli between two internal drives; 0 for no drives"
        );
        s.Close();
        var (stimuli, inFile) = source is null ? ([], 0) : StimulusFile.Read(source, count, wanted, s.Problems);
        return (stimuli, inFile, internalEvery);
    }

    private static (string? File, ProbeSet? Probes) Probes(Section? s)
    {
        var set = s?.Need("set", "the path of a file of probes", "a file, relative to this one") is { } field
            ? TextFile.Referred(field, "the probes")
            : null;
        var recognition = s?.Flag(
            "recognition",
            fallback: false,
            "whether the probes also measure self-recognition: how well a model's samples can be told from generation 0's, and "
                + "whether it prefers its own; of the embedded model, from loop version 3 on"
        ) ?? false;
        s?.Close();
        if (set is null)
            return default;
        var battery = ProbeFile.Read(set, s!.Problems);
        return (set, battery is null ? null : battery with { Recognition = recognition });
    }

    [GeneratedRegex(NamePattern)]
    private static partial Regex NameForm();
}
