using System.Collections.Immutable;
using System.Text;
using AiMe.Models;
using AiMe.Models.Nano;
using AiMe.Nano;
using AiMe.Nano.Lora;

namespace AiMe.Lab.Runs.SavedModels;

/// <summary>
/// A checkpoint as a folder that other programs load: Hugging Face's files of a Llama model, or PEFT's of an adapter
/// with its base beside it.
/// </summary>
public static class ModelFolder
{
    /// <summary>The files by their path in the folder.</summary>
    /// <param name="adapterAlone">Whether to write the adapter separately; else it is merged into the weights.</param>
    /// <param name="says">Provenance for the README, one sentence or list item a line.</param>
    /// <exception cref="ArgumentException">There is no adapter to write separately.</exception>
    public static ImmutableArray<(string Path, byte[] Content)> Of(LoadedCheckpoint checkpoint, bool adapterAlone, IEnumerable<string> says)
    {
        var bare = checkpoint.Model.Config.ToJson();
        var tokenizer = checkpoint.Prompt.Tokenizer.ToJson();
        if (!adapterAlone)
            return
            [
                .. Llama("", checkpoint.Model.Merged().ToSafetensors(), bare, tokenizer),
                ("README.md", Readme(checkpoint, says, adapterAlone)),
            ];
        var adapter = checkpoint.Model.Adapter
            ?? throw new ArgumentException("the checkpoint has no adapter: all its weights were trained");
        return
        [
            ("adapter_model.safetensors", adapter.ToSafetensors()),
            ("adapter_config.json", adapter.ToPeftConfig("base")),
            .. Llama("base/", checkpoint.Model.Weights.ToSafetensors(), bare, tokenizer),
            ("README.md", Readme(checkpoint, says, adapterAlone)),
        ];
    }

    /// <summary>Writes the folder, completely or not at all.</summary>
    /// <param name="directory">Does not exist, or is empty.</param>
    public static async Task WriteAsync(
        string directory,
        ImmutableArray<(string Path, byte[] Content)> files,
        CancellationToken cancellationToken
    )
    {
        var temporary = await AtomicFiles.WriteFolderAsync(directory, files, cancellationToken);
        try
        {
            if (Directory.Exists(directory))
                Directory.Delete(directory); // empty, or this fails
            Directory.Move(temporary, directory);
        }
        finally
        {
            AtomicFiles.RemoveFolder(temporary);
        }
    }

    private static IEnumerable<(string, byte[])> Llama(string folder, byte[] weights, byte[] config, byte[] tokenizer) =>
        [
            ($"{folder}model.safetensors", weights),
            ($"{folder}config.json", config),
            ($"{folder}tokenizer.json", tokenizer),
            (
                $"{folder}tokenizer_config.json",
                Encoding.UTF8.GetBytes(
                    "{\n  \"tokenizer_class\": \"PreTrainedTokenizerFast\",\n  \"eos_token\": \"<|end|>\",\n  "
                        + "\"clean_up_tokenization_spaces\": false\n}\n"
                )
            ),
            // Any special token ends a text; the default tokens of a Llama would be different ones here.
            (
                $"{folder}generation_config.json",
                Encoding.UTF8.GetBytes(
                    $"{{\n  \"eos_token_id\": [{string.Join(", ", Enumerable.Range(0, NanoPrompt.Specials.Length))}],\n  "
                        + "\"pad_token_id\": 0\n}\n"
                )
            ),
        ];

    private static byte[] Readme(LoadedCheckpoint checkpoint, IEnumerable<string> says, bool adapterAlone)
    {
        var config = checkpoint.Model.Config;
        var load = adapterAlone
            ? "model = PeftModel.from_pretrained(AutoModelForCausalLM.from_pretrained(\"base\"), \".\")\ntokenizer = "
                + "AutoTokenizer.from_pretrained(\"base\")"
            : "model = AutoModelForCausalLM.from_pretrained(\".\")\ntokenizer = AutoTokenizer.from_pretrained(\".\")";
        var shape =
            $"a Llama of {config.Layers} layers, width {config.Width}, {config.Heads} heads, {config.Vocabulary} tokens "
            + $"and a context of {config.Context}";
        return Encoding.UTF8.GetBytes(
            $"""
            # {checkpoint.Id.Short}

            A checkpoint of nano, AiMe's embedded model: {shape}.

            {string.Join('\n', says)}

            ## How it is loaded

            ```python
            from transformers import AutoModelForCausalLM, AutoTokenizer{(adapterAlone ? "\nfrom peft import PeftModel" : "")}
            {load}
            ```

            ## How it is prompted

            One special token precedes each part, with nothing in between:
            `<|charter|>` the charter's stem `<|user|>` the stimulus `<|aime|>` the answer.
            Any special token ends the answer. No token precedes the text.

            """.ReplaceLineEndings("\n")
        );
    }
}
