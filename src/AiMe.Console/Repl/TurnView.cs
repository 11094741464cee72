using AiMe.Console.Output;
using AiMe.Console.Output.Documents;
using AiMe.Lab.History;
using AiMe.Lab.Runs.Talk;

namespace AiMe.Console.Repl;

/// <summary>Prints one turn of a conversation: the answer, and a dim line below it.</summary>
internal static class TurnView
{
    /// <param name="wrap">Output for the answer; null if it has been streamed.</param>
    /// <param name="tooLate">Whether the input was withdrawn too late.</param>
    public static TalkReply Of(string run, Exchange exchange, RoundReport? round, WordWrap? wrap, bool tooLate) =>
        new(
            console =>
            {
                var answer = AnswerWords.Of(exchange.Stored!.Output);
                wrap?.Write(answer);
                if (wrap is null && exchange.Stored.Output.Length == 0)
                    TalkText.Write(console, answer); // there was nothing to stream
                wrap?.EndLine();
                TalkText.Dim(console, $"  {(tooLate ? "too late to withdraw; " : "")}{Meta(exchange)}");
                foreach (var failure in exchange.Failures)
                    TalkText.Dim(console, $"  {failure}");
                if (round is not null)
                    TalkText.Dim(console, $"  {RoundView.Sentence(round)}");
            },
            (_, _) => new TurnOutput(ExchangeOutput.Of(run, exchange), tooLate ? false : null, round is null ? null : RoundOutput.Of(round))
        );

    /// <summary>Such as <c>kept, e12 in cycle 12, events 97 to 104</c>.</summary>
    public static string Meta(Exchange e) =>
        $"{TalkText.Word(e.Stored!.Verdict)}, {e.Stored.Id} in cycle {e.Cycle}, events {e.First} to {e.Last}";
}
