using System.Collections.Immutable;
using AiMe.Mind;

namespace AiMe.Lab;

/// <summary>Reads who trains: <c>train.backend</c>, and the keys that it has.</summary>
internal static class BackendReader
{
    private const string CommandExample = "a list of the program and its arguments, such as [python3, train.py]";

    /// <summary>Null for a training in the process.</summary>
    public static ExternalTraining? Read(Section s, ExternalTraining? fallback)
    {
        var backend = s.Word("backend", Words.Backends, Of(fallback), "who trains: nano is this process; openai the fine-tuning API of the model's server, command a program of your own, each by jobs that are submitted once");
        var command = Line(s.Find("command", "of backend command: the program and its arguments, one by one; it reads $AIME_DATASET and prints the new model's name on its last line"));
        var multiplier = s.Find("learning-rate-multiplier", "of backend openai: of the server's own learning rate; the server's choice where it is not given");
        var batch = s.Find("batch-size", "of backend openai: examples in a step; the server's choice where it is not given");
        Belongs(s, backend, Backend.Command, "command");
        Belongs(s, backend, Backend.OpenAi, "learning-rate-multiplier");
        Belongs(s, backend, Backend.OpenAi, "batch-size");
        if (backend == Backend.OpenAi && s.Find("learning-rate") is { } rate)
            rate.Fail("the server has a learning rate of its own; expected learning-rate-multiplier");
        var api = fallback as ExternalTraining.FineTuningApi;
        ExternalTraining.FineTuningApi asked = new(multiplier?.Real(1, Interval.Positive) ?? api?.LearningRateMultiplier, (int?)batch?.Whole(1, 1, 256) ?? api?.BatchSize);
        return backend switch
        {
            Backend.Nano => null,
            Backend.OpenAi => asked,
            Backend.Command => Command(s, command.IsDefault ? (fallback as ExternalTraining.OwnCommand)?.Line ?? [] : command),
            _ => throw new System.Diagnostics.UnreachableException(),
        };
    }

    private static Backend Of(ExternalTraining? fallback) => fallback switch
    {
        null => Backend.Nano,
        ExternalTraining.FineTuningApi => Backend.OpenAi,
        ExternalTraining.OwnCommand => Backend.Command,
        _ => throw new System.Diagnostics.UnreachableException(),
    };

    private static ExternalTraining.OwnCommand Command(Section s, ImmutableArray<string> line)
    {
        if (line.IsEmpty && s.Find("command") is null)
            s.Problems.Fail(s.Find("backend")?.At ?? s.At, $"{s.Path}.command", $"the key is missing, expected {CommandExample}");
        return new(line);
    }

    private static ImmutableArray<string> Line(Field? field) =>
        field is null ? default : [.. field.Items(CommandExample).Select(item => item.Text("a program or an argument"))];

    private static void Belongs(Section s, Backend backend, Backend owner, string key)
    {
        if (backend != owner && s.Find(key) is { } field)
            field.Fail($"this is a key of backend {Words.Backends.Of(owner)}, and the backend is {Words.Backends.Of(backend)}");
    }
}
