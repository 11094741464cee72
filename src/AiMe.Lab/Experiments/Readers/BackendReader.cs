using System.Collections.Immutable;
using AiMe.Faculties.Trainer;
using AiMe.Lab.Experiments.Yaml;

namespace AiMe.Lab.Experiments.Readers;

/// <summary>Reads <c>train.backend</c> and the keys that depend on it.</summary>
internal static class BackendReader
{
    private const string CommandExample = "a list of the program and its arguments, such as [python3, train.py]";

    /// <summary>The external training; null for training in this process.</summary>
    public static ExternalTraining? Read(Section s, ExternalTraining? fallback)
    {
        var word = s.Find(
            "backend",
            "where training runs: nano is this process, openai the fine-tuning API of the model's server, command a program of "
                + "your own; external jobs are submitted once",
            Keywords.Backends.Of(Of(fallback))
        );
        var backend = word?.Word(Keywords.Backends, Of(fallback)) ?? Of(fallback);
        var command = s.Find(
            "command",
            "for backend command: the program and its arguments, as a list; it reads $AIME_DATASET and prints the new "
                + "model's name on its last line"
        );
        var multiplier = s.Find(
            "learning-rate-multiplier",
            "for backend openai: multiplier of the server's own learning rate; the server's choice by default"
        );
        var batch = s.Find("batch-size", "for backend openai: examples in a step; the server's choice by default");
        Belongs(command, backend, Backend.Command);
        Belongs(multiplier, backend, Backend.OpenAi);
        Belongs(batch, backend, Backend.OpenAi);
        var line = command is null ? default : Line(command);
        var api = fallback as ExternalTraining.FineTuningApi;
        ExternalTraining.FineTuningApi asked = new(
            multiplier?.Real(1, NumberRange.AboveZeroTo(1000)) ?? api?.LearningRateMultiplier,
            (int?)batch?.Whole(1, 1, 256) ?? api?.BatchSize
        );
        return backend switch
        {
            Backend.Nano => null,
            Backend.OpenAi => asked,
            Backend.Command when line.IsDefault && fallback is not ExternalTraining.OwnCommand => Missing(s, word),
            Backend.Command => line.IsDefault ? fallback : new ExternalTraining.OwnCommand(line),
            _ => throw new System.Diagnostics.UnreachableException(),
        };
    }

    private static Backend Of(ExternalTraining? fallback) =>
        fallback switch
        {
            null => Backend.Nano,
            ExternalTraining.FineTuningApi => Backend.OpenAi,
            ExternalTraining.OwnCommand => Backend.Command,
            _ => throw new System.Diagnostics.UnreachableException(),
        };

    private static ExternalTraining.OwnCommand Missing(Section s, FieldReader? backend)
    {
        s.Problems.Fail(backend?.At ?? s.At, $"{s.Path}.command", $"the key is missing, expected {CommandExample}");
        return new([]);
    }

    private static ImmutableArray<string> Line(FieldReader field) =>
        [.. field.Items(CommandExample).Select(item => item.Text("a program or an argument"))];

    private static void Belongs(FieldReader? field, Backend backend, Backend owner)
    {
        if (backend != owner)
            field?.Fail($"this is a key of backend {Keywords.Backends.Of(owner)}, and the backend is {Keywords.Backends.Of(backend)}");
    }
}
