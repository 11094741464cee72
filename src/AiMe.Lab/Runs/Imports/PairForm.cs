using System.Collections.Immutable;
using AiMe.Lab.Experiments.Yaml;

namespace AiMe.Lab.Runs.Imports;

/// <summary>
/// Prompts and completions: texts, as OpenAI's older fine-tuning files have them, or lists of messages, as TRL has
/// them.
/// </summary>
internal sealed class PairForm : IImportForm
{
    /// <summary>Ends of prompts that OpenAI's guide for such files recommended, the longest first.</summary>
    private static readonly ImmutableArray<string> Separators =
    [
        "\n\n###\n\n",
        "\n\n===\n\n",
        "\n\n---\n\n",
        "\n\n->\n\n",
        "\n\n###",
        " ->",
    ];

    /// <summary>Ends of completions that the same guide recommended.</summary>
    private static readonly ImmutableArray<string> Stops = [" END", "\nEND", "###", "\n"];

    public bool Matches(MappingNode record) => record.Has("prompt");

    public void Read(ImportRecord record)
    {
        var prompt = record.Find("prompt");
        var completion = record.FindAny("completion", "response")?.Value;
        record.Topic = record.OptionalText("topic", "a word or short phrase") is { Length: > 0 } topic ? topic : null;
        if (prompt is null)
            record.Missing("prompt", "the stimulus");
        if (completion is null)
            record.Missing("completion", "the answer");
        var trains = IsDesirable(record);
        if (record.Failed)
            return;
        if (prompt is SequenceNode || completion is SequenceNode)
        {
            ReadMessages(record, ("prompt", prompt!), ("completion", completion!), trains);
            return;
        }

        var (input, output) = (record.Text("prompt", prompt!, "the stimulus"), record.Text("completion", completion!, "the answer"));
        if (input is null || output is null)
            return;
        var (question, answer) = Bare(input, output);
        if (question != input)
            record.Notes.Count("prompt", "the separator at its end is left out, and with it the completion's first blank and stop");
        record.Add(record.Node, question, answer, trains: trains);
    }

    /// <summary>Adds the exchanges of a prompt and an answer, either of which may be a text or a list of messages.</summary>
    public static void ReadMessages(
        ImportRecord record,
        (string Path, YamlNode Value) prompt,
        (string Path, YamlNode Value) answer,
        bool trains = true
    )
    {
        var asked = Messages(record, prompt.Path, prompt.Value, Speaker.User);
        var answered = Messages(record, answer.Path, answer.Value, Speaker.Assistant);
        if (!record.Failed)
            ConversationReader.Read(record, asked.Concat(answered.Select(m => m with { Trains = m.Trains && trains })));
    }

    private static List<SpokenMessage> Messages(ImportRecord record, string key, YamlNode value, Speaker speaker) =>
        value is SequenceNode ? ChatMessageReader.Read(record, key, value)
        : record.Text(key, value, "a text or a list of messages") is { } text ? [new SpokenMessage(speaker, text, value, key)]
        : [];

    // KTO: a completion with the label false is an undesirable one.
    private static bool IsDesirable(ImportRecord record)
    {
        if (record.Find("label") is not { } label)
            return true;
        // a field of a table is a text, such as True
        if (label is ScalarNode scalar && bool.TryParse(scalar.Text, out var isDesirable))
        {
            if (!isDesirable)
                record.Notes.Count("completion", "its label is false: it is remembered and not trained on");
            return isDesirable;
        }

        record.Notes.Unused("label");
        return true;
    }

    private static (string Prompt, string Completion) Bare(string prompt, string completion)
    {
        foreach (var separator in Separators)
        {
            if (!prompt.EndsWith(separator, StringComparison.Ordinal) || string.IsNullOrWhiteSpace(prompt[..^separator.Length]))
                continue;
            var answer = completion;
            foreach (var stop in Stops)
            {
                if (answer.EndsWith(stop, StringComparison.Ordinal))
                {
                    answer = answer[..^stop.Length];
                    break;
                }
            }

            return string.IsNullOrWhiteSpace(answer) ? (prompt, completion) : (prompt[..^separator.Length], answer.Trim());
        }

        return (prompt, completion);
    }
}
