namespace AiMe.Lab.History;

/// <summary>Words for answers and prompts on a page.</summary>
public static class AnswerWords
{
    /// <summary>The answer; in place of one without text, a sentence in brackets.</summary>
    public static string Of(string answer) => answer.Length > 0 ? answer : "(no text: the model stopped by itself)";

    /// <summary>How many parts of a prompt were left out.</summary>
    public static string LeftOut(int parts) =>
        $"{(parts == 1 ? "1 part" : $"{parts} parts")} of the prompt {(parts == 1 ? "was" : "were")} left out for lack of room";
}
