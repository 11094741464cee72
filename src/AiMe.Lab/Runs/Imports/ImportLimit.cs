using AiMe.Faculties;
using AiMe.Faculties.Supervisor;
using AiMe.Lab.Analysis.Lineage;
using AiMe.Models;
using AiMe.Models.Nano;
using AiMe.Nano;

namespace AiMe.Lab.Runs.Imports;

/// <summary>The longest exchange that the embedded model of a run can read: charter, stimulus, answer and their marks.</summary>
/// <param name="context">Tokens.</param>
public sealed class ImportLimit(int context, TokenPrompt prompts, Charter charter)
{
    /// <summary>Greatest number of tokens.</summary>
    public int Context => context;

    /// <summary>
    /// The limit of the model of an instance; null if it is hosted, because its limit is not known, or not in the store's
    /// <c>models/</c> yet.
    /// </summary>
    /// <param name="variant">Name of the instance's variant.</param>
    /// <param name="replicate">Its replicate.</param>
    /// <exception cref="ProviderException">The model's tokenizer is damaged.</exception>
    public static ImportLimit? Find(RunPlan plan, string variant, int replicate, string modelsDirectory)
    {
        if (
            plan.Origin is not ModelOrigin.Nano
            || PretrainedModel.Find(modelsDirectory, plan.BaseOf(variant, replicate).Value, (plan.Origin as ModelOrigin.Nano)?.Checkpoint)
                is not { } model
        )
            return null;
        return new ImportLimit(model.Shape.Context, model.Prompt(), plan.CharterOf(variant, replicate));
    }

    /// <summary>Number of tokens of an exchange as it is scored and trained on, with the longer of its answers.</summary>
    public int Tokens(ImportedExperience experience) =>
        Math.Max(Tokens(experience.Input, experience.Output), experience.Rejected is { } r ? Tokens(experience.Input, r) : 0);

    private int Tokens(string input, string output) =>
        prompts.Length([
            Parts.Message(Parts.Charter, charter.Stem),
            Parts.Message(Parts.Stimulus, input),
            Parts.Message(Parts.Answer, output),
        ]);
}
