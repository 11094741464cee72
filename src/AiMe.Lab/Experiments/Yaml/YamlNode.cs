using System.Collections.Immutable;
using AiMe.Corpora;

namespace AiMe.Lab.Experiments.Yaml;

/// <summary>A value of a YAML or JSON text, with its place.</summary>
internal abstract record YamlNode(Place At)
{
    /// <summary>What a message calls it.</summary>
    public abstract string Found { get; }
}

/// <summary>A text, number, flag or nothing.</summary>
/// <param name="Plain">Written without quotes, so that <c>null</c> and an empty text mean nothing.</param>
internal sealed record ScalarNode(Place At, string Text, bool Plain) : YamlNode(At)
{
    private const int ShownAtMost = 60;

    public bool IsNothing => Plain && Text is "" or "~" or "null" or "Null" or "NULL";

    public override string Found =>
        IsNothing ? "nothing"
        : Text.Length > ShownAtMost ? $"'{TextCut.Beginning(Text, ShownAtMost)}...'"
        : $"'{Text}'";
}

/// <summary>A list.</summary>
internal sealed record SequenceNode(Place At, ImmutableArray<YamlNode> Items) : YamlNode(At)
{
    public override string Found => "a list";
}

/// <summary>Keys and values in the order of the text; no key occurs twice.</summary>
internal sealed record MappingNode(Place At, ImmutableArray<MappingEntry> Entries) : YamlNode(At)
{
    public override string Found => "a mapping";

    /// <summary>This mapping with one entry replaced, or added at the end.</summary>
    public MappingNode With(MappingEntry entry)
    {
        for (var i = 0; i < Entries.Length; i++)
        {
            if (Entries[i].Key == entry.Key)
                return this with { Entries = Entries.SetItem(i, entry) };
        }

        return this with
        {
            Entries = Entries.Add(entry),
        };
    }
}

/// <summary>A key, its own place, and its value.</summary>
internal sealed record MappingEntry(Place At, string Key, YamlNode Value);
