using System.Text;

namespace AiMe.Models.OpenAi;

/// <summary>
/// Texts in the channels of gpt-oss: the channel <c>final</c> is the answer, every other is reasoning.
/// </summary>
/// <remarks>
/// Source: OpenAI's harmony response format. A server that drops the special tokens leaves
/// <c>analysisWe ... assistantfinalIt ...</c>.
/// </remarks>
internal static class HarmonyText
{
    /// <summary>Begins the answer.</summary>
    public const string Final = "<|channel|>final<|message|>";

    private const string Start = "<|start|>",
        Channel = "<|channel|>",
        Message = "<|message|>",
        BareChannel = "analysis",
        BareFinal = "assistantfinal";

    private static readonly string[] Ends = ["<|end|>", "<|return|>", "<|call|>"];

    /// <summary>Whether a text begins with a channel; null if it certainly does not, false if it may yet.</summary>
    public static bool? IsBeginning(string text)
    {
        var rest = text.AsSpan().TrimStart();
        if (rest.StartsWith(Channel) || rest.StartsWith(Start))
            return true;
        if (rest.StartsWith(BareChannel) && rest.Length > BareChannel.Length)
            return char.IsAsciiLetterUpper(rest[BareChannel.Length]) ? true : null;
        return Begins(Channel, rest) || Begins(Start, rest) || Begins(BareChannel, rest) ? false : null;
    }

    /// <summary>Takes a text apart that begins with a channel.</summary>
    public static ReasonedText Split(string text, bool ended)
    {
        var rest = text.AsSpan().TrimStart();
        if (!rest.StartsWith(BareChannel))
            return Channels(text, text.Length - rest.Length, ended);
        var final = text.IndexOf(BareFinal, StringComparison.Ordinal);
        return final < 0
            ? new(rest[BareChannel.Length..].Trim().ToString(), "", Open: true)
            : new(text[(text.Length - rest.Length + BareChannel.Length)..final].Trim(), text[(final + BareFinal.Length)..].TrimStart());
    }

    private static ReasonedText Channels(string text, int at, bool ended)
    {
        StringBuilder reasoning = new(),
            answer = new();
        while (at < text.Length)
        {
            var rest = text.AsSpan(at).TrimStart();
            if (!rest.StartsWith(Channel) && !rest.StartsWith(Start))
            {
                answer.Append(WithoutTail(rest, ended)); // the server has dropped the other special tokens
                break;
            }

            var body = text.IndexOf(Message, at, StringComparison.Ordinal);
            if (body < 0)
                return new(reasoning.ToString().Trim(), answer.ToString().Trim(), Open: answer.Length == 0);
            var isAnswer = IsAnswer(text.AsSpan(at, body - at));
            body += Message.Length;
            var (end, next) = EndOf(text, body);
            var said = WithoutTail(text.AsSpan(body, end - body), ended || end < text.Length);
            (isAnswer ? answer : reasoning).Append(said);
            if (!isAnswer)
                reasoning.Append('\n');
            if (!isAnswer && end == text.Length)
                return new(reasoning.ToString().Trim(), answer.ToString().Trim(), Open: answer.Length == 0);
            at = next;
        }

        var whole = answer.ToString().TrimStart();
        return new(reasoning.ToString().Trim(), ended ? whole.TrimEnd() : whole);
    }

    // A message without a channel is an answer.
    private static bool IsAnswer(ReadOnlySpan<char> header)
    {
        var at = header.IndexOf(Channel);
        return at < 0 || header[(at + Channel.Length)..].TrimStart().StartsWith("final");
    }

    // Where a message ends, and where the next begins.
    private static (int End, int Next) EndOf(string text, int from)
    {
        var (end, next) = (text.Length, text.Length);
        foreach (var mark in Ends)
        {
            if (text.IndexOf(mark, from, StringComparison.Ordinal) is >= 0 and var at && at < end)
                (end, next) = (at, at + mark.Length);
        }

        foreach (var mark in (string[])[Start, Channel])
        {
            if (text.IndexOf(mark, from, StringComparison.Ordinal) is >= 0 and var at && at < end)
                (end, next) = (at, at);
        }

        return (end, next);
    }

    // While a stream goes on, what may become a special token is held back.
    private static ReadOnlySpan<char> WithoutTail(ReadOnlySpan<char> text, bool ended)
    {
        if (ended)
            return text;
        var mark = text.LastIndexOf('<');
        return mark >= 0 && (mark == text.Length - 1 || text[mark + 1] == '|') ? text[..mark].TrimEnd() : text.TrimEnd();
    }

    private static bool Begins(string mark, ReadOnlySpan<char> rest) => !rest.IsEmpty && mark.AsSpan().StartsWith(rest);
}
