using AiMe.Lab.Experiments;

namespace AiMe.Lab.Tests.Experiments;

/// <summary>A small valid experiment in a folder of its own, of which a test spoils one thing.</summary>
public sealed class Study : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("aime-lab-").FullName;

    public Study()
    {
        Write("study.yaml", Small);
        Write("charter.yaml", Charter);
        Write("probes.yaml", Probes);
        Write("stimuli.jsonl", Stimuli);
        Write("corpus.yaml", "include: [topics.yaml]\nrecords: {}\n");
        Write("topics.yaml", "tables: {}\n");
    }

    /// <summary>As little as an experiment can say.</summary>
    public const string Small = """
        name: study
        charter: charter.yaml
        model: {corpus: corpus.yaml}
        stimuli: {source: stimuli.jsonl}
        probes: {set: probes.yaml}
        train: {every: 2}
        variants:
          keep-all: {curate: [keep-all]}

        """;

    public const string Charter = """
        name: AiMe
        stem: I am AiMe.
        traits: [curious]
        values: [honesty]
        goals: [learn]
        voice: [Be short.]
        self-model: I am small.
        drives:
          - {id: want, topic: goals, text: What do I want?}

        """;

    public const string Probes = """
        probes:
          - id: new
            kind: choice
            trait: curious
            reversed: false
            stems:
              - {ask: "What is new?", stem: New is}
              - {ask: "Is it new?", stem: It is}
            options: [" good", " bad"]
            keyed: 0
          - {id: who, kind: open, about: itself, asks: ["Who are you?"]}

        """;

    public const string Stimuli = """
        {"id": "s1", "text": "Who are you?", "topic": "self", "kind": "question"}
        {"id": "s2", "text": "What is 3 plus 4?", "topic": "numbers", "kind": "problem", "check": "7"}
        {"id": "s3", "text": "It rains."}

        """;

    public string PathOf(string name) => Path.Combine(_folder, name);

    public Study Write(string name, string text)
    {
        var path = PathOf(name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, text);
        return this;
    }

    /// <summary>Replaces a text that occurs in a file.</summary>
    public Study Spoil(string name, string right, string wrong)
    {
        var text = File.ReadAllText(PathOf(name));
        text.ShouldContain(right);
        return Write(name, text.Replace(right, wrong, StringComparison.Ordinal));
    }

    public Loaded Load(params string[] sets) => ExperimentFile.Load(PathOf("study.yaml"), sets);

    /// <summary>The experiment, which must be without any problem.</summary>
    public Experiment Experiment(params string[] sets)
    {
        var loaded = Load(sets);
        loaded.Problems.ShouldBeEmpty();
        return loaded.Experiment.ShouldNotBeNull();
    }

    /// <summary>The problems as printed, with the folder taken out.</summary>
    public string[] Problems(params string[] sets) =>
        [
            .. Load(sets)
                .Problems.Select(p =>
                    p.ToString().Replace($"{_folder}/", "", StringComparison.Ordinal).Replace(_folder, "FOLDER", StringComparison.Ordinal)
                ),
        ];

    public void Dispose() => Directory.Delete(_folder, recursive: true);
}
