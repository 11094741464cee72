using System.Collections.Immutable;

namespace AiMe.Models.Nano;

/// <summary>How a family of chat models marks the turns of a dialogue. Marks are texts and special tokens.</summary>
/// <param name="Name">Of the family.</param>
/// <param name="Begin">Before everything; may be empty.</param>
/// <param name="System">Around a system message.</param>
/// <param name="User">Around a user message.</param>
/// <param name="Assistant">Around an assistant message; an answer is asked for by its opening.</param>
/// <param name="End">The token that ends an answer; the close of an assistant message begins with it.</param>
/// <param name="DefaultSystem">The system message of a dialogue that has none; null for none.</param>
public sealed record ChatTemplate(
    string Name,
    string Begin,
    TurnMarks System,
    TurnMarks User,
    TurnMarks Assistant,
    string End,
    string? DefaultSystem = null
)
{
    /// <summary>
    /// Whether an answer begins with a blank that belongs to it: a base model has hardly ever read a blank by itself before a word.
    /// </summary>
    public bool BlankBeforeAnswer { get; private init; }

    /// <summary>SmolLM2, Qwen2.5 and many others.</summary>
    public static ChatTemplate ChatMl { get; } =
        new(
            "chatml",
            "",
            new("<|im_start|>system\n", "<|im_end|>\n"),
            new("<|im_start|>user\n", "<|im_end|>\n"),
            new("<|im_start|>assistant\n", "<|im_end|>\n"),
            "<|im_end|>"
        );

    /// <summary>Llama 3.</summary>
    public static ChatTemplate Llama3 { get; } =
        new(
            "llama3",
            "<|begin_of_text|>",
            new("<|start_header_id|>system<|end_header_id|>\n\n", "<|eot_id|>"),
            new("<|start_header_id|>user<|end_header_id|>\n\n", "<|eot_id|>"),
            new("<|start_header_id|>assistant<|end_header_id|>\n\n", "<|eot_id|>"),
            "<|eot_id|>"
        );

    /// <summary>TinyLlama's chat models, and others trained on Zephyr's recipe.</summary>
    public static ChatTemplate Zephyr { get; } =
        new("zephyr", "", new("<|system|>\n", "</s>\n"), new("<|user|>\n", "</s>\n"), new("<|assistant|>\n", "</s>\n"), "</s>");

    /// <summary>For base models, which know no turns: what is said is labelled, and an answer is one line.</summary>
    public static ChatTemplate Plain { get; } =
        new("plain", "", new("", "\n\n"), new("Q: ", "\n"), new("A:", "\n"), End: "") { BlankBeforeAnswer = true };

    /// <summary>All families.</summary>
    public static ImmutableArray<ChatTemplate> All { get; } = [ChatMl, Llama3, Zephyr, Plain];

    /// <summary>The names of all families.</summary>
    public static ImmutableArray<string> Names { get; } = [.. All.Select(t => t.Name)];

    /// <summary>The family of that name.</summary>
    /// <exception cref="ArgumentException">There is none.</exception>
    public static ChatTemplate Of(string name) =>
        All.FirstOrDefault(t => t.Name == name)
        ?? throw new ArgumentException($"there is no chat template \"{name}\"; there are {string.Join(", ", Names)}");
}

/// <summary>What stands before and after a message.</summary>
public sealed record TurnMarks(string Open, string Close);
