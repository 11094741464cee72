using AiMe.Faculties;
using AiMe.Faculties.Trainer;
using AiMe.Models.Commands;

namespace AiMe.Lab.Experiments;

/// <summary>Finds external trainings that cannot work as they are set.</summary>
internal static class JobLint
{
    /// <summary>The minimum of OpenAI's fine-tuning API; see OpenAI's guide to fine-tuning.</summary>
    private const int FewestExamples = 10;

    /// <summary>Finds what cannot work in the training of an identity.</summary>
    public static void OfIdentity(Experiment experiment, Action<string, string> say)
    {
        if (experiment.Identity is not { Backend: { } by } identity)
            return;
        if (by is ExternalTraining.OwnCommand { Line: [var program, ..] } && IsMissing(program))
            say(NotFound(program), "command");
        if (by is ExternalTraining.FineTuningApi && identity.Exchanges < FewestExamples)
            say(
                $"there are {identity.Exchanges} exchanges, and OpenAI's service rejects training sets of fewer than {FewestExamples} "
                    + "examples",
                "data"
            );
        if (experiment.Budget is not null)
            say("the job that trains the identity precedes the run, so the budget does not count its cost", "data");
    }

    public static void Of(Experiment experiment, TrainerSettings trainer, Action<string, string, string> say)
    {
        if (trainer.Backend is ExternalTraining.OwnCommand { Line: [var program, ..] } && IsMissing(program))
            say(NotFound(program), "train", "command");
        if (trainer.Backend is ExternalTraining.FineTuningApi && experiment.Every < FewestExamples)
            say(
                $"a round keeps {experiment.Every} experiences at most, and OpenAI's service rejects training sets of "
                    + $"fewer than {FewestExamples} examples",
                "train",
                "every"
            );
        if (trainer.Backend is ExternalTraining.FineTuningApi && experiment.Model is OpenAiModel { BaseUrl: Defaults.BaseUrl })
            say(
                "OpenAI is closing its fine-tuning service: no new users since May 2026, and no new jobs from 6 January "
                    + "2027; other servers keep the API",
                "train",
                "backend"
            );
        var scored = experiment.Model is OpenAiModel { HeldOut: not null };
        if (scored && trainer is { Backend: not null, Gate.AnchorRise: not null })
            say(
                "anchor-rise cannot be checked under openai, which has no corpus to draw anchor text from; a candidate is promoted without "
                    + "this check, and its promotion records that",
                "train",
                "gate"
            );
        if (!scored && trainer is { Backend: not null, Gate: { HeldOutRise: not null } or { AnchorRise: not null } })
            say(
                "heldout-rise and anchor-rise cannot be checked under openai, which returns no log-probabilities of given "
                    + "text; a candidate is promoted without these checks, and its promotion records that",
                "train",
                "gate"
            );
    }

    private static bool IsMissing(string program) => ProgramPath.Find(program, Environment.GetEnvironmentVariable) is null;

    private static string NotFound(string program) =>
        $"no executable program '{program}' was found "
        + $"{(program.Contains('/', StringComparison.Ordinal) ? $"from {Environment.CurrentDirectory}" : "on the path")}";
}
