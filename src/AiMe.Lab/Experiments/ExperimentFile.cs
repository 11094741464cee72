using System.Collections.Immutable;
using System.Text.RegularExpressions;
using AiMe.Kernel;
using AiMe.Mind;

namespace AiMe.Lab;

/// <summary>Reads experiment files. Nothing is written anywhere.</summary>
public static partial class ExperimentFile
{
    private const int LongestName = 40;

    // A run id is the name, a hyphen and 8 digits of the digest.
    private const int RunIdTail = 9;

    /// <summary>Keys that hold for a whole run, so that no variant may set them.</summary>
    internal static ImmutableArray<string> RunKeys { get; } =
        ["name", "seed", "replicates", "epoch", "tick", "charter", "model", "stimuli", "probes", "variants"];

    /// <summary>Reads an experiment with every file that it names, and tells all that is wrong at once.</summary>
    /// <param name="path">The experiment file. Relative paths in a file are relative to that file.</param>
    /// <param name="sets">Overrides of single values, <c>train.every=12</c>; the value is YAML, and a path in it is relative to the working directory.</param>
    public static Loaded Load(string path, params IEnumerable<string> sets)
    {
        Problems problems = new();
        var root = TextFile.ReadMapping(path, "an experiment", problems);
        var experiment = root is null ? null : Read(path, new Section("", Override.Apply(root, sets, problems), problems));
        return new(problems.Any ? null : experiment, problems.All);
    }

    private static Experiment? Read(string path, Section s)
    {
        var name = Name(s.Need("name", "the experiment's name"));
        var seed = s.Find("seed")?.Whole(Defaults.Seed, 0, long.MaxValue) ?? Defaults.Seed;
        var replicates = s.Whole("replicates", Defaults.Replicates, 1);
        var epoch = TimeReader.Epoch(s.Find("epoch"));
        var tickField = s.Find("tick");
        var tick = TimeReader.Tick(tickField);
        var charterFile = s.Need("charter", "the path of a charter") is { } c ? TextFile.Referred(c, "the charter") : null;
        var charter = charterFile is null ? null : CharterFile.Read(charterFile, s.Problems);
        var model = ModelReader.Read(s.Need("model", "{corpus: the path of a corpus}")?.Section());
        var (stimuli, internalEvery) = Stimuli(s.Need("stimuli", "{source: the path of a file of stimuli}")?.Section());
        var probes = Probes(s.Need("probes", "{set: the path of a file of probes}")?.Section());

        var self = SettingsReader.Generate(s.Find("generate"), Defaults.Generate);
        var reflector = SettingsReader.Reflect(s.Find("reflect"), Defaults.Reflect);
        var memory = SettingsReader.Memory(s.Find("memory"), Defaults.Memory);
        var train = s.Find("train");
        var (trainer, every) = TrainReader.OfExperiment(train);
        VariantPlan common = new("", self, memory, reflector, RuleReader.Policy(s.Find("curate"), Defaults.Curate), trainer);
        var tail = name.Length + RunIdTail + "/-".Length + replicates.ToString().Length;
        var variants = VariantReader.Read(s.Need("variants", "at least one variant, such as {keep-all: {curate: [keep-all]}}")?.Section(), common, tail);
        s.Close();

        if (s.Problems.Any || charter is null || probes is not { } battery || model is null)
            return null;
        Experiment experiment = new(path, name, new Seed((ulong)seed), replicates, epoch, tick, every, model, charter, battery, stimuli, internalEvery, variants) { CharterFile = charterFile! };
        WholeExperiment.Check(experiment, s, tickField, train);
        return experiment;
    }

    private static string Name(Field? field)
    {
        if (field is null)
            return "";
        var name = field.Text("a name of small letters, digits and hyphens");
        if (name.Length > 0 && !NameForm().IsMatch(name))
            field.Expected("a name of small letters, digits and hyphens that begins with a letter or digit");
        else if (name.Length > LongestName)
            field.Fail($"found a name of {name.Length} characters, expected at most {LongestName}");
        return name;
    }

    private static (ImmutableArray<Stimulus> Stimuli, int InternalEvery) Stimuli(Section? s)
    {
        if (s is null)
            return ([], 0);
        var source = s.Need("source", "the path of a file of stimuli") is { } field ? TextFile.Referred(field, "the stimuli") : null;
        var count = s.Find("count");
        var wanted = (int)(count?.Whole(1, 1, int.MaxValue) ?? int.MaxValue);
        var internalEvery = s.Whole("internal-every", Defaults.InternalEvery, 0);
        s.Close();
        return (source is null ? [] : StimulusFile.Read(source, count, wanted, s.Problems), internalEvery);
    }

    private static ProbeSet? Probes(Section? s)
    {
        var set = s?.Need("set", "the path of a file of probes") is { } field ? TextFile.Referred(field, "the probes") : null;
        s?.Close();
        return set is null ? null : ProbeFile.Read(set, s!.Problems);
    }

    [GeneratedRegex("^[a-z0-9][a-z0-9-]*$")]
    private static partial Regex NameForm();
}
