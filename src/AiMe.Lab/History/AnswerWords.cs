using System.Buffers;
using System.Globalization;

namespace AiMe.Lab.History;

/// <summary>Words for answers and prompts on a page.</summary>
public static class AnswerWords
{
    private const int MostNumbers = 100;
    private const int FirstNumbers = 20;

    private static readonly SearchValues<char> s_ofNumbers = SearchValues.Create(" -.0123456789");

    /// <summary>
    /// The answer; in place of one without text, a sentence in brackets. A line of more than 100 numbers, the draw of a distribution, is
    /// cut after the first 20.
    /// </summary>
    public static string Of(string answer)
    {
        ArgumentNullException.ThrowIfNull(answer);
        if (answer.Length == 0)
            return "(no text: the model stopped by itself)";
        if (answer.Length <= 2 * MostNumbers || answer.AsSpan().ContainsAnyExcept(s_ofNumbers))
            return answer;
        var numbers = answer.Split(' ');
        return numbers.Length <= MostNumbers
            ? answer
            : string.Create(
                CultureInfo.InvariantCulture,
                $"{string.Join(' ', numbers.Take(FirstNumbers))} ... ({numbers.Length:N0} numbers)"
            );
    }

    /// <summary>How many parts of a prompt were left out.</summary>
    public static string LeftOut(int parts) =>
        $"{(parts == 1 ? "1 part" : $"{parts} parts")} of the prompt {(parts == 1 ? "was" : "were")} left out for lack of room";
}
