using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using AiMe.Lab.Analysis.Lineage;
using AiMe.Models.Nano;
using AiMe.Nano;

namespace AiMe.Lab.Runs.SavedModels;

/// <summary>The README of an exported model, with the front matter that model hubs read.</summary>
/// <param name="Made">Its training in an instance; null for a model of generation 0.</param>
/// <param name="Origin">Its origin as the journal tells it, as terms and meanings.</param>
public sealed record ModelCard(Checkpoint? Made, ImmutableArray<(string Term, string Meaning)> Origin)
{
    /// <summary>The text.</summary>
    /// <param name="file">Name of the file of a form that has one.</param>
    internal string Text(LoadedCheckpoint checkpoint, ModelForm form, string file) =>
        $"""
            {FrontMatter(checkpoint, form)}
            # {checkpoint.Id.Short}

            {Kind(checkpoint)}: {Shape(checkpoint.Model.Config)}.

            ## Origin

            {string.Join('\n', Origin.Select(line => $"- {line.Term}: {line.Meaning}"))}

            ## How it is loaded

            {Loading(checkpoint, form, file)}

            ## How it is prompted

            {Prompting(checkpoint)}

            """.ReplaceLineEndings("\n");

    private static string Kind(LoadedCheckpoint checkpoint) =>
        checkpoint.Base.Checkpoint is { } linked
            ? $"Descends from the checkpoint {Path.GetFileName(linked.Folder)}, trained by AiMe on its own output"
            : "A checkpoint of nano, AiMe's embedded model";

    private static string Shape(NanoConfig c) =>
        $"a {(c.AttentionBias ? "Qwen2" : "Llama")} of {c.Layers} layers, width {c.Width}, {c.Heads} heads"
        + $"{(c.KeyValueHeads == c.Heads ? "" : $" that share {c.KeyValueHeads} of keys and values")}, {c.Vocabulary} tokens and a context "
        + $"of {c.Context}";

    private string FrontMatter(LoadedCheckpoint checkpoint, ModelForm form)
    {
        var text = new StringBuilder("---\n");
        text.Append("pipeline_tag: text-generation\n");
        text.Append(
            CultureInfo.InvariantCulture,
            $"library_name: {form switch { ModelForm.Peft => "peft", ModelForm.Gguf => "gguf", _ => "transformers" }}\n"
        );
        if (checkpoint.Base.Checkpoint is { } linked)
            text.Append(CultureInfo.InvariantCulture, $"base_model: \"{Path.GetFileName(linked.Folder)}\"\n");
        text.Append("tags: [aime, self-training]\n");
        if (Made?.Gate is { } gate)
        {
            text.Append(CultureInfo.InvariantCulture, $"model-index:\n- name: {checkpoint.Id.Short}\n  results:\n");
            text.Append("  - task: {type: text-generation}\n    dataset: {type: held-out, name: held-out text of its run}\n    metrics:\n");
            Metric("cross-entropy", "held-out cross-entropy, nats per token", gate.HeldOut);
            Metric("cross-entropy-of-base", "the same of generation 0", gate.HeldOutBase);
            Metric("drift", "identity drift from generation 0, bits", gate.Drift);
            Metric("repeats", "share of repeated 4-grams", gate.Repeats);
        }

        return text.Append("---\n").ToString();

        void Metric(string type, string name, double value)
        {
            if (double.IsFinite(value))
                text.Append(CultureInfo.InvariantCulture, $"    - {{type: {type}, name: \"{name}\", value: {value:0.#####}}}\n");
        }
    }

    private static string Loading(LoadedCheckpoint checkpoint, ModelForm form, string file)
    {
        var start = checkpoint.Base.Checkpoint?.Folder ?? "base";
        return form switch
        {
            ModelForm.Gguf => $"""
                ```
                llama-cli -m {file}
                ```
                {SplitterNote(checkpoint)}
                """,
            ModelForm.Peft => $"""
                ```python
                from transformers import AutoModelForCausalLM, AutoTokenizer
                from peft import PeftModel
                model = PeftModel.from_pretrained(AutoModelForCausalLM.from_pretrained("{start}"), ".")
                tokenizer = AutoTokenizer.from_pretrained("{start}")
                ```
                """,
            _ => """
                ```python
                from transformers import AutoModelForCausalLM, AutoTokenizer
                model = AutoModelForCausalLM.from_pretrained(".")
                tokenizer = AutoTokenizer.from_pretrained(".")
                ```
                """,
        };
    }

    private static string SplitterNote(LoadedCheckpoint checkpoint) =>
        Nano.Checkpoints.GgufVocabulary.FromJson(checkpoint.Prompt.Tokenizer.ToJson()).Splitter is null
            ? "\nllama.cpp has no rule that cuts text as this tokenizer does: pass it token ids, or expect other ids of some texts."
            : "";

    private static string Prompting(LoadedCheckpoint checkpoint) =>
        checkpoint.Base.Checkpoint is null
            ? """
                One special token precedes each part, with nothing in between:
                `<|charter|>` the charter's stem `<|user|>` the stimulus `<|aime|>` the answer.
                Any special token ends the answer. No token precedes the text.
                """
            : $"""
                By the chat template {Template(checkpoint).Name}: a system message between `{Shown(Template(checkpoint).System.Open)}`
                and `{Shown(Template(checkpoint).System.Close)}`, a user's between `{Shown(Template(checkpoint).User.Open)}` and
                `{Shown(Template(checkpoint).User.Close)}`, and the answer after `{Shown(Template(checkpoint).Assistant.Open)}`.
                The charter, the self-model and recalled memories are the system message, a stimulus or a drive is the user's.
                """;

    private static ChatTemplate Template(LoadedCheckpoint checkpoint) => ((ChatPrompt)checkpoint.Prompt).Template;

    private static string Shown(string mark) => mark.Replace("\n", "\\n", StringComparison.Ordinal);
}
