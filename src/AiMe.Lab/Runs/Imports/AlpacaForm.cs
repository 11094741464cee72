using System.Globalization;
using AiMe.Lab.Experiments.Yaml;

namespace AiMe.Lab.Runs.Imports;

/// <summary>
/// Instructions: Alpaca's (<c>instruction</c>, <c>input</c>, <c>output</c>, and <c>system</c> and <c>history</c>), and
/// Dolly's (<c>instruction</c>, <c>context</c>, <c>response</c>).
/// </summary>
internal sealed class AlpacaForm : IImportForm
{
    public bool Matches(MappingNode record) => record.Has("instruction");

    public void Read(ImportRecord record)
    {
        var instruction = record.Text("instruction", "the instruction");
        var more = record.OptionalText(
            record.Node.Has("context") ? "context" : "input",
            "a text that belongs to the instruction, or an empty text"
        );
        var answer = record.FindAny("output", "response") is var (key, value)
            ? record.Text(key, value, "the answer")
            : record.Missing("output", "the answer");
        if (record.OptionalText("system", "a text") is { Length: > 0 })
            record.Notes.Count("system message", "not an experience; the instance has its own charter");
        if (record.Find("history") is { } history)
            ReadHistory(record, history);
        if (!record.Failed)
            record.Add(record.Node, string.IsNullOrWhiteSpace(more) ? instruction! : $"{instruction}\n{more}", answer!);
    }

    // Earlier exchanges: pairs of an instruction and an answer.
    private static void ReadHistory(ImportRecord record, YamlNode history)
    {
        if (history is not SequenceNode list)
        {
            record.Fail(history, "history", $"found {ImportRecord.Found(history)}, expected a list of [instruction, answer]");
            return;
        }

        for (var i = 0; i < list.Items.Length; i++)
        {
            var path = string.Create(CultureInfo.InvariantCulture, $"history[{i}]");
            if (list.Items[i] is not SequenceNode { Items.Length: 2 } pair)
                record.Fail(list.Items[i], path, $"found {ImportRecord.Found(list.Items[i])}, expected [instruction, answer]");
            else if (
                record.Text($"{path}[0]", pair.Items[0], "the instruction") is { } asked
                && record.Text($"{path}[1]", pair.Items[1], "the answer") is { } answered
            )
                record.Add(pair, asked, answered);
        }
    }
}
