using AiMe.EventSourcing;
using AiMe.Faculties;
using AiMe.Lab.Analysis.Lineage;
using AiMe.Lab.Runs.SavedModels;
using AiMe.Models.Nano;
using AiMe.Nano;
using AiMe.Nano.Lora;
using AiMe.Nano.Tokens;
using AiMe.Nano.Training;

namespace AiMe.Lab.Tests.Runs.SavedModels;

/// <summary>A checkpoint that has learned nothing: enough to be sampled and taken out.</summary>
internal static class Fresh
{
    private static readonly AiMe.Nano.Weights Untrained = AiMe.Nano.Weights.Initialise(NanoConfig.Tiny, seed: 3);

    public static LoadedCheckpoint Bare { get; } = Of(new Model(Untrained));

    /// <summary>One under an adapter that adds something.</summary>
    public static LoadedCheckpoint Adapted { get; } = Of(Trained(new Model(Untrained)));

    /// <summary>One whose tokenizer has a text for 265 of its 768 ids, as after a small corpus.</summary>
    public static LoadedCheckpoint Terse { get; } =
        Bare with
        {
            Prompt = new NanoPrompt(Tokenizer.Train([], 265, NanoPrompt.Specials), NanoConfig.Tiny.Context),
        };

    private static LoadedCheckpoint Of(Model model)
    {
        // Words enough that the vocabulary is full: untrained weights draw any token.
        var tokenizer = Tokenizer.Train(
            Enumerable.Range(0, 2000).Select(i => $"What of {Word(new Seed(5).Derive(i).Value)}? I am AiMe."),
            NanoConfig.Tiny.Vocabulary,
            NanoPrompt.Specials
        );
        return new LoadedCheckpoint(
            new ModelId(new string('a', 64)),
            model,
            new NanoPrompt(tokenizer, NanoConfig.Tiny.Context),
            new PretrainedModel("nowhere", "nano-tiny-0", "tiny", new string('b', 64), 1, 1)
        );
    }

    private static string Word(ulong lot) => string.Concat(Enumerable.Range(0, 7).Select(i => (char)('a' + (lot >> (8 * i)) % 26)));

    private static Model Trained(Model bare)
    {
        int[] tokens = [1, 20, 30, 40, 50];
        var result = Nano.Training.Trainer.TrainAdapter(
            bare,
            new AdapterOptions { Rank = 2, Alpha = 4 },
            [new Nano.Training.TokenExample(tokens)],
            new Nano.Training.TrainingOptions { Steps = 3, LearningRate = 0.1 },
            progress: null,
            CancellationToken.None
        );
        return bare.With(result.Adapter);
    }
}
