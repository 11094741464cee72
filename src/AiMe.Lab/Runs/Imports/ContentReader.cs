using System.Collections.Immutable;
using System.Globalization;
using AiMe.Lab.Experiments.Yaml;

namespace AiMe.Lab.Runs.Imports;

/// <summary>Reads the content of a message: a text, or a list of parts.</summary>
internal static class ContentReader
{
    private static readonly ImmutableArray<string> TextTypes = ["text", "input_text", "output_text"];

    /// <summary>The text, with the parts on lines of their own; null if there is none, which is reported.</summary>
    public static string? Text(ImportRecord record, string path, YamlNode? content, YamlNode message)
    {
        switch (content)
        {
            case ScalarNode { Plain: false } scalar when !string.IsNullOrWhiteSpace(scalar.Text):
                return scalar.Text;
            case SequenceNode { Items.IsEmpty: false } parts:
                var texts = new List<string>();
                for (var i = 0; i < parts.Items.Length; i++)
                {
                    if (Part(record, string.Create(CultureInfo.InvariantCulture, $"{path}[{i}]"), parts.Items[i]) is not { } text)
                        return null;
                    texts.Add(text);
                }

                var whole = string.Join('\n', texts);
                if (!string.IsNullOrWhiteSpace(whole))
                    return whole;
                record.Fail(parts, path, "found only blank parts, expected text");
                return null;
            default:
                record.Fail(
                    content ?? message,
                    path,
                    content is null
                        ? "the member is missing, expected the text of the message"
                        : $"found {ImportRecord.Found(content)}, expected the text of the message"
                );
                return null;
        }
    }

    private static string? Part(ImportRecord record, string path, YamlNode part)
    {
        if (part is ScalarNode { Plain: false } words)
            return words.Text;
        if (part is MappingNode mapping && mapping.TextOf("type") is { } type)
        {
            if (TextTypes.Contains(type) && mapping.TextOf("text") is { } text)
                return text;
            if (!TextTypes.Contains(type))
            {
                record.Fail(
                    part,
                    path,
                    $"found a part of type '{ImportRecord.Shown(type)}', expected text: an instance remembers only words. Remove the record"
                );
                return null;
            }
        }

        record.Fail(part, path, $"found {ImportRecord.Found(part)}, expected a part {{\"type\": \"text\", \"text\": ...}}");
        return null;
    }
}
