using AiMe.Faculties;
using AiMe.Faculties.Trainer;
using AiMe.Models.Commands;

namespace AiMe.Lab.Experiments;

/// <summary>Finds external trainings that cannot work as they are set.</summary>
internal static class JobLint
{
    /// <summary>The minimum of OpenAI's fine-tuning API; see OpenAI's guide to fine-tuning.</summary>
    private const int FewestExamples = 10;

    public static void Of(Experiment experiment, TrainerSettings trainer, Action<string, string, string> say)
    {
        if (
            trainer.Backend is ExternalTraining.OwnCommand { Line: [var program, ..] }
            && ProgramPath.Find(program, Environment.GetEnvironmentVariable) is null
        )
            say(
                $"no executable program '{program}' was found "
                    + $"{(program.Contains('/', StringComparison.Ordinal) ? $"from {Environment.CurrentDirectory}" : "on the path")}",
                "train",
                "command"
            );
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
        if (trainer is { Backend: not null, Gate: { HeldOutRise: not null } or { AnchorRise: not null } })
            say(
                "heldout-rise and anchor-rise cannot be checked under openai, which returns no log-probabilities of given "
                    + "text; a candidate is promoted without these checks, and its promotion records that",
                "train",
                "gate"
            );
    }
}
