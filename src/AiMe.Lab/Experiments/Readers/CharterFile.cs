using System.Collections.Immutable;
using AiMe.Faculties;
using AiMe.Lab.Experiments.Yaml;

namespace AiMe.Lab.Experiments.Readers;

/// <summary>Reads a charter: the identity baseline of an instance.</summary>
internal static class CharterFile
{
    public static Charter? Read(string path, Problems problems)
    {
        if (TextFile.ReadMapping(path, "a charter", problems) is not { } root)
            return null;
        return Read(new Section("", root, problems));
    }

    /// <summary>The charter in a mapping.</summary>
    public static Charter Read(Section s)
    {
        var name = s.Text("name", "the name that it calls itself");
        var trade = s.Find("trade", "what it works as, without an article, such as clockmaker; it says so of itself");
        Charter charter = new(
            name,
            s.Text("stem", "the short first-person text that is part of every prompt"),
            Texts(s.Need("traits", "a list of traits, such as [curious, kind]")),
            Texts(s.Find("values", "a list of values, such as [honesty, kindness]")),
            Texts(s.Need("goals", "a list of goals; each output is scored against them")),
            Texts(s.Find("voice", "a list of rules of speech, which the embedded model learns from its corpus")),
            s.Find("self-model", "its initial belief about itself, which it may revise")?.Text("its initial belief about itself")
                ?? Defaults.SelfModel,
            Drives(s.Need("drives", "a list of {id, topic, text}: the questions that it asks itself")),
            trade?.Text("a word or a few words, such as clockmaker")
        );
        s.Close();
        return charter;
    }

    private static ImmutableArray<string> Texts(FieldReader? field)
    {
        List<string> texts = [];
        foreach (var item in field?.Items("a list of at least one text", distinct: true) ?? [])
        {
            var text = item.Text();
            if (texts.Contains(text) && text.Length > 0)
                item.Fail($"found '{text}' twice, expected once");
            texts.Add(text);
        }

        return [.. texts];
    }

    /// <summary>A list of drives.</summary>
    public static ImmutableArray<Drive> Drives(FieldReader? field)
    {
        UniqueIds ids = new();
        var drives = ImmutableArray.CreateBuilder<Drive>();
        foreach (var item in field?.Items("a list of at least one {id, topic, text}") ?? [])
        {
            if (item.Section("{id, topic, text}") is not { } s)
                continue;
            drives.Add(new(ids.Read(s), s.Text("topic", "a word or short phrase"), s.Text("text", "the question that it asks itself")));
            s.Close();
        }

        return drives.ToImmutable();
    }
}
