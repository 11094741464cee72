using System.Collections.Immutable;
using System.Globalization;
using AiMe.Faculties;
using AiMe.Faculties.Supervisor;
using AiMe.Lab.Experiments.Readers;
using AiMe.Lab.Experiments.Yaml;

namespace AiMe.Lab.Runs.Talk;

/// <summary>What came of reading a file of inputs.</summary>
/// <param name="Inputs">In the order of the file; empty where a problem is an error.</param>
public sealed record LoadedInputs(ImmutableArray<Input> Inputs, ImmutableArray<Problem> Problems);

/// <summary>Reads files of things to be given to an instance: JSON Lines.</summary>
public static class InputFile
{
    private const string Shapes =
        "{\"input\", \"output\", \"reflection\", \"timestamp\"}, {\"prompt\", \"completion\"} or {\"messages\": [{\"role\", \"content\"}]}";

    /// <summary>Stimuli, as an experiment's <c>stimuli.source</c> holds them.</summary>
    public static LoadedInputs Stimuli(string path)
    {
        Problems problems = new();
        var stimuli = StimulusFile.Read(path, count: null, int.MaxValue, problems);
        return Of([.. stimuli.Select(s => new Input.Said(s.Text, s.Topic, s.Check))], problems);
    }

    /// <summary>Experiences in the shape that <c>export</c> writes, training pairs, or chats, each line for itself.</summary>
    /// <remarks>
    /// A pair or a chat says nothing of what was thought of it, nor when it was: the instance reflects on it itself, at its
    /// cycle's time.
    /// </remarks>
    /// <param name="topic">Of lines that name none.</param>
    public static LoadedInputs Experiences(string path, string topic)
    {
        Problems problems = new();
        var inputs = ImmutableArray.CreateBuilder<Input>();
        var number = 0;
        foreach (var line in (TextFile.Read(path, problems) ?? "").Split('\n'))
        {
            number++;
            if (
                !string.IsNullOrWhiteSpace(line)
                && JsonLine.Read(path, number, line, problems) is { } node
                && Experience(new FieldReader("", node, problems), topic) is { } told
            )
                inputs.Add(told);
        }

        if (inputs.Count == 0 && !problems.Any)
            problems.Fail(
                Place.Of(path),
                "",
                $"found no experiences, expected one JSON object a line: {Shapes}; or a file of lives, as export --as life writes it"
            );
        return Of(inputs.ToImmutable(), problems);
    }

    private static LoadedInputs Of(ImmutableArray<Input> inputs, Problems problems) => new(problems.Any ? [] : inputs, problems.All);

    private static Input.Told? Experience(FieldReader line, string topic)
    {
        if (line.Section($"a JSON object: {Shapes}") is not { } s)
            return null;
        if (s.Find("messages") is { } messages)
            return Chat(s, messages, topic);
        if (s.Find("prompt") is not null)
            return Pair(s, topic);
        var (input, output) = (s.Text("input", "what was said to it"), s.Text("output", "what it answered"));
        var reflection = s.Find("reflection") is { } thought ? Reflection(thought) : null;
        var at = s.Find("timestamp") is { } timestamp ? Time(timestamp) : null;
        var told = s.Find("topic")?.Text("a word or short phrase") ?? topic;
        s.Close();
        return new Input.Told(input, told, new Given(output, reflection), at);
    }

    // Empty is a thought too: nothing to add.
    private static string Reflection(FieldReader field) =>
        field.Node is ScalarNode { Plain: false, Text: "" } ? "" : field.Text("what was thought of it, or an empty text");

    private static Input.Told Pair(Section s, string topic)
    {
        var (prompt, completion) = (s.Text("prompt", "what was said to it"), s.Text("completion", "what it answered"));
        s.Close();
        return new Input.Told(prompt, topic, new Given(completion, Reflection: null), At: null);
    }

    // The last exchange counts; what stands before it is context that the instance composes itself.
    private static Input.Told? Chat(Section s, FieldReader messages, string topic)
    {
        string? user = null,
            assistant = null;
        foreach (var item in messages.Items("a list of messages", atLeast: 2))
        {
            if (item.Section("a message {\"role\", \"content\"}") is not { } m)
                continue;
            var role = m.Need("role", "system, user or assistant") is { } r ? r.Word(Roles, "") : "";
            var content = m.Text("content", "what was said");
            m.Close();
            (user, assistant) = role switch
            {
                "user" => (content, null),
                "assistant" => (user, content),
                _ => (user, assistant),
            };
        }

        s.Close();
        if (user is not null && assistant is not null)
            return new Input.Told(user, topic, new Given(assistant, Reflection: null), At: null);
        messages.Fail("found no assistant's message behind a user's, expected the exchange that is to be remembered at the end");
        return null;
    }

    private static DateTime? Time(FieldReader field)
    {
        var text = field.Text("a time such as 2026-01-01 00:03:00, UTC");
        if (
            DateTime.TryParseExact(
                text,
                "yyyy-MM-dd HH:mm:ss",
                CultureInfo.InvariantCulture,
                DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal,
                out var time
            )
        )
            return time;
        if (text.Length > 0)
            field.Fail($"found '{text}', expected a time such as 2026-01-01 00:03:00, UTC");
        return null;
    }

    private static Keywords<string> Roles { get; } = new("a role", [("system", "system"), ("user", "user"), ("assistant", "assistant")]);
}
