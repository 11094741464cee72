namespace AiMe.Models.OpenAi;

/// <summary>How a model marks its reasoning in the text of an answer.</summary>
public abstract record ReasoningMarks
{
    private ReasoningMarks() { }

    /// <summary>The known marks, at the beginning of the text.</summary>
    public static ReasoningMarks Auto { get; } = new Known();

    /// <summary>The text is left as it is.</summary>
    public static ReasoningMarks None { get; } = new Unmarked();

    /// <summary>The marks of one model.</summary>
    /// <param name="open">Empty if the chat template writes it, so that every answer begins with reasoning.</param>
    public static ReasoningMarks Between(string open, string close) => new Custom(open, close);

    internal sealed record Known : ReasoningMarks;

    internal sealed record Unmarked : ReasoningMarks;

    internal sealed record Custom(string Open, string Close) : ReasoningMarks;
}

/// <summary>Whether a model's answers begin with reasoning whose opening mark is in the chat template.</summary>
internal enum ReasoningHabit
{
    /// <summary>No answer of the model has been read to its end yet.</summary>
    Unknown,

    /// <summary>They do not.</summary>
    Plain,

    /// <summary>They do: one had a closing mark without an opening one.</summary>
    Prefilled,
}

/// <summary>A text taken apart.</summary>
/// <param name="Answer">In a stream, the beginning that is certain.</param>
/// <param name="Open">Whether the reasoning has begun and has not ended.</param>
/// <param name="Prefilled">Whether a closing mark had no opening one.</param>
internal readonly record struct ReasonedText(string Reasoning, string Answer, bool Open = false, bool Prefilled = false);
