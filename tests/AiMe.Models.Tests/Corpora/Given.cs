using AiMe.Corpora;

namespace AiMe.Models.Tests.Corpora;

/// <summary>The repository's own data, and small grammars for what can go wrong.</summary>
internal static class Given
{
    public static readonly string Config = Path.Combine(Root(AppContext.BaseDirectory), "config");

    public static readonly Corpus Corpus = Corpus.Load(
        Path.Combine(Config, "corpora", "aime.yaml"),
        Path.Combine(Config, "charters", "aime.yaml"),
        Path.Combine(Config, "corpora", "authored.jsonl")
    );

    public static readonly CharterSlots SmallCharter = CharterSlots.Parse(
        "charter.yaml",
        """
        name: Ada
        stem: I am Ada.
        self-model: I am new.
        traits: [curious, calm]
        values: [honesty]
        goals: [learn]
        drives: [{id: want, topic: goals, text: What do I want?}]
        """
    );

    /// <summary>Everything that a record says, to compare and search records by.</summary>
    public static string Text(CorpusRecord r) =>
        string.Join(
            " | ",
            [r.Kind, r.Topic, r.SelfModel ?? "", .. r.Recalled, r.Stimulus, r.Answer, r.Reflection ?? "", r.Insight ?? "", r.Check ?? ""]
        );

    public static Corpus Small(string yaml) => new(Grammar.Parse("small.yaml", yaml, SmallCharter), []);

    private static string Root(string from) =>
        File.Exists(Path.Combine(from, "AiMe.sln"))
            ? from
            : Root(Path.GetDirectoryName(from) ?? throw new DirectoryNotFoundException("AiMe.sln is in no folder above"));
}
