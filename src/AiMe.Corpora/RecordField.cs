using System.Collections.Immutable;
using System.Globalization;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace AiMe.Corpora;

/// <summary>A place in a YAML file: the node, and its path for messages.</summary>
internal sealed record RecordField(string File, string Key, YamlNode Node)
{
    /// <summary>The root of a file.</summary>
    /// <exception cref="GrammarException">The text is not YAML, is empty, or has a duplicate key.</exception>
    public static RecordField Root(string file, string yaml)
    {
        YamlStream stream = [];
        try
        {
            stream.Load(new StringReader(yaml));
        }
        catch (YamlException e)
        {
            throw new GrammarException(file, e.Start.Line, "(file)", $"not valid YAML: {e.InnerException?.Message ?? e.Message}");
        }

        return stream.Documents.Count == 0
            ? throw new GrammarException(file, 1, "(file)", "the file is empty; a mapping was expected")
            : new RecordField(file, "", stream.Documents[0].RootNode);
    }

    public bool IsText => Node is YamlScalarNode;

    public bool IsMap => Node is YamlMappingNode;

    public bool IsList => Node is YamlSequenceNode;

    public string Text() => Node is YamlScalarNode { Value: { } text } ? text : throw Fail("a text was expected");

    /// <summary>The greatest weight; the sum of thousands of them is still a whole number of 32 bits.</summary>
    public const int MostWeight = 100_000;

    /// <summary>A weight, from 1 to <see cref="MostWeight"/>.</summary>
    public int Weight() =>
        Node is YamlScalarNode { Value: var text }
        && int.TryParse(text, NumberStyles.Integer, CultureInfo.InvariantCulture, out int value)
        && value is >= 1 and <= MostWeight
            ? value
            : throw Fail($"a whole number from 1 to {MostWeight} was expected, found '{Node}'");

    public bool Truth() =>
        Text() switch
        {
            "true" => true,
            "false" => false,
            var other => throw Fail($"true or false was expected, found '{other}'"),
        };

    /// <summary>The members of a mapping, in the order of the file.</summary>
    public ImmutableArray<(string Name, RecordField Value)> Members() =>
        Node is YamlMappingNode map
            ?
            [
                .. map.Children.Select(c =>
                    (c.Key.ToString(), new RecordField(File, Key.Length == 0 ? $"{c.Key}" : $"{Key}.{c.Key}", c.Value))
                ),
            ]
            : throw Fail("a mapping was expected");

    public ImmutableArray<RecordField> Items() =>
        Node is YamlSequenceNode list
            ? [.. list.Children.Select((item, i) => new RecordField(File, $"{Key}[{i}]", item))]
            : throw Fail("a list was expected");

    /// <summary>The member of that name, or null.</summary>
    public RecordField? Maybe(string name) => Members().FirstOrDefault(m => m.Name == name).Value;

    public RecordField Need(string name) => Maybe(name) ?? throw Fail($"the key '{name}' is missing");

    /// <summary>Rejects unknown keys.</summary>
    /// <exception cref="GrammarException">The mapping has a key outside the known ones.</exception>
    public RecordField Knows(params ReadOnlySpan<string> known)
    {
        ImmutableArray<string> names = [.. known];
        foreach ((string name, RecordField value) in Members())
            if (!names.Contains(name))
                throw value.Fail($"unknown key '{name}'; expected one of {string.Join(", ", names)}{Nearest.Hint(name, names)}");
        return this;
    }

    public GrammarException Fail(string problem) => new(File, Node.Start.Line, Key.Length == 0 ? "(root)" : Key, problem);
}
