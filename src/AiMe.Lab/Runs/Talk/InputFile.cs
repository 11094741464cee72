using System.Collections.Immutable;
using System.Globalization;
using AiMe.Faculties;
using AiMe.Faculties.Supervisor;
using AiMe.Lab.Experiments.Readers;
using AiMe.Lab.Experiments.Yaml;

namespace AiMe.Lab.Runs.Talk;

/// <summary>The result of reading a file of inputs.</summary>
/// <param name="Inputs">In the order of the file; empty if a problem is an error.</param>
public sealed record LoadedInputs(ImmutableArray<Input> Inputs, ImmutableArray<Problem> Problems);

/// <summary>Reads JSON Lines files of inputs for an instance.</summary>
public static class InputFile
{
    private const string Shapes =
        "{\"input\", \"output\", \"reflection\", \"timestamp\"}, {\"prompt\", \"completion\"} or {\"messages\": [{\"role\", \"content\"}]}";

    /// <summary>Reads stimuli, in the form of an experiment's <c>stimuli.source</c>.</summary>
    public static LoadedInputs Stimuli(string path)
    {
        Problems problems = new();
        var (stimuli, _) = StimulusFile.Read(path, count: null, int.MaxValue, problems);
        return Of([.. stimuli.Select(s => new Input.Said(s.Text, s.Topic, s.Check))], problems);
    }

    /// <summary>
    /// Reads experiences in the form of <c>export</c>, training pairs, or chats; each line may have its own form.
    /// </summary>
    /// <remarks>
    /// A pair or a chat has no reflection and no time: the instance reflects on it, at its cycle's time.
    /// </remarks>
    /// <param name="topic">Topic of lines that name none.</param>
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
                && Experience(new FieldReader("", node, problems), topic) is { } given
            )
                inputs.Add(given);
        }

        if (inputs.Count == 0 && !problems.Any)
            problems.Fail(
                Place.Of(path),
                "",
                $"found no experiences, expected one JSON object a line: {Shapes}; or an instance file, as export --as life writes it"
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
        var (input, output) = (s.Text("input", "the stimulus"), s.Text("output", "the answer"));
        var reflection = s.Find("reflection") is { } thought ? Reflection(thought) : null;
        var at = s.Find("timestamp") is { } timestamp ? Time(timestamp) : null;
        var subject = s.Find("topic")?.Text("a word or short phrase") ?? topic;
        s.Close();
        return new Input.Told(input, subject, new Given(output, reflection), at);
    }

    // Empty is a valid reflection: it adds nothing.
    private static string Reflection(FieldReader field) =>
        field.Node is ScalarNode { Plain: false, Text: "" } ? "" : field.Text("the reflection, or an empty text");

    private static Input.Told Pair(Section s, string topic)
    {
        var (prompt, completion) = (s.Text("prompt", "the stimulus"), s.Text("completion", "the answer"));
        s.Close();
        return new Input.Told(prompt, topic, new Given(completion, Reflection: null), At: null);
    }

    // Only the last exchange is used; the instance composes its own context.
    private static Input.Told? Chat(Section s, FieldReader messages, string topic)
    {
        string? user = null,
            assistant = null;
        foreach (var item in messages.Items("a list of messages", atLeast: 2))
        {
            if (item.Section("a message {\"role\", \"content\"}") is not { } m)
                continue;
            var role = m.Need("role", "system, user or assistant") is { } r ? r.Word(Roles, "") : "";
            var content = m.Text("content", "the message's text");
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
        messages.Fail("found no assistant message after a user message, expected the exchange to remember at the end");
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
