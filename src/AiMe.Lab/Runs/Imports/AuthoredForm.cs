using AiMe.Lab.Experiments.Yaml;

namespace AiMe.Lab.Runs.Imports;

/// <summary>
/// Hand-written exchanges as they stand beside a grammar: <c>stimulus</c>, <c>answer</c>, <c>topic</c>, <c>reflection</c>.
/// </summary>
internal sealed class AuthoredForm : IImportForm
{
    public bool Matches(MappingNode record) => record.Has("stimulus") && record.Has("answer");

    public void Read(ImportRecord record)
    {
        var (stimulus, answer) = (record.Text("stimulus", "the stimulus"), record.Text("answer", "the answer"));
        var reflection = record.OptionalText("reflection", "the reflection");
        record.Topic = record.OptionalText("topic", "a word or short phrase") is { Length: > 0 } topic ? topic : null;
        if (stimulus is not null && answer is not null)
            record.Add(record.Node, stimulus, answer, reflection);
    }
}
