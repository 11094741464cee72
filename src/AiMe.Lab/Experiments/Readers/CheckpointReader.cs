using AiMe.Lab.Experiments.Yaml;
using AiMe.Models.Nano;
using AiMe.Nano;

namespace AiMe.Lab.Experiments.Readers;

/// <summary>Reads the keys of <c>model</c> that name a checkpoint of Hugging Face's form in place of a preset.</summary>
internal static class CheckpointReader
{
    /// <summary>Keys of a model that is trained here.</summary>
    private static readonly string[] Trained = ["preset", "epochs"];

    /// <summary>The checkpoint; null for a preset, or if it is invalid.</summary>
    public static CheckpointModel? Read(Section model)
    {
        var field = model.Find(
            "checkpoint",
            "a folder of Hugging Face's form, relative to this file, whose model is generation 0 in place of a preset: config.json, "
                + "model.safetensors (or several), tokenizer.json. The model is of Llama's family, up to about 360M parameters"
        );
        var context = (int?)
            model
                .Find(
                    "context",
                    $"the longest sequence of a checkpoint, in tokens; by default {Defaults.CheckpointContext}, or the model's own if it "
                        + "is shorter. Memory and time grow with it"
                )
                ?.Whole(Defaults.CheckpointContext, 1, PlanLimits.Context);
        var named = model.Find("chat-template", "how a checkpoint marks the turns of a dialogue; by default as its own chat template does");
        var template = named?.Word(Keywords.ChatTemplates, "");
        if (field is null)
        {
            foreach (var key in (string[])["context", "chat-template"])
                model.Given(key)?.Fail("the key is of a checkpoint, and there is none; expected model.checkpoint, or no such key");
            return null;
        }

        if (field.Asked is not null)
        {
            field.Text("the path of a folder");
            return null;
        }

        foreach (var key in Trained)
            model.Given(key)?.Fail("the key is of a model that is trained here, and model.checkpoint names one; remove one of them");
        if (template is "")
            return null; // reported
        return TextFile.Folder(field, "the checkpoint") is { } folder ? Load(field, folder, context, template) : null;
    }

    private static CheckpointModel? Load(FieldReader field, string folder, int? context, string? template)
    {
        try
        {
            var files = CheckpointFiles.Read(folder, context: null, template);
            if (template is null && files.Template.Name == ChatTemplate.Plain.Name)
                field.Problems.Warn(
                    field.At,
                    "model.chat-template",
                    "the folder has no chat template, so that prompts are plain text (Q:, A:), as for a base model; name one if the model "
                        + $"was trained on it: {string.Join(", ", ChatTemplate.Names)}"
                );
            var own = files.Weights.Config;
            var length = context ?? Math.Min(own.Context, Defaults.CheckpointContext);
            if (length > own.Context)
            {
                field.Problems.Fail(
                    field.At,
                    "model.context",
                    $"found {length} tokens, expected at most {own.Context}, the checkpoint's max_position_embeddings"
                );
                return null;
            }

            return new(folder, CheckpointFiles.Digest(folder), length, template, own with { Context = length });
        }
        catch (Exception e) when (e is FormatException or IOException or UnauthorizedAccessException)
        {
            field.Fail($"the checkpoint in {folder} cannot be run: {e.Message}");
            return null;
        }
    }
}
