using AiMe.Console.Output.Documents;
using AiMe.Faculties;
using AiMe.Faculties.Self;
using AiMe.Faculties.Supervisor;

namespace AiMe.Console.Repl.Slash;

/// <summary><c>/train</c>: ends the round.</summary>
internal sealed record TrainCommand()
    : SlashCommand("train", "", "end the round now: train on the kept experiences, apply the gate, ask the probes")
{
    public override async Task<TalkReply> RunAsync(Conversation talk, string argument, CancellationToken cancelled)
    {
        if (talk.Progress.Status == InstanceState.Parked)
            return TalkReply.FailingCommand(talk.Parked());
        var self = (SelfState)(await talk.ReadAsync(cancelled)).Last(e => e.Faculty == Loop.Self).State;
        if (self.AnswersInRound == 0)
            return TalkReply.Saying(
                $"No experience since {(self.Generation <= 0 ? "generation 0" : $"round {self.Generation}")}, so there is no round to end."
            );
        System.Console.Error.WriteLine($"Ending round {self.Generation + 1} after {TalkText.Count(self.AnswersInRound, "experience")}...");
        if (await talk.EndRoundAsync(cancelled) is not { } round)
            return TalkReply.FailingCommand(talk.Progress.Status == InstanceState.Parked ? talk.Parked() : "the round did not end");
        talk.Transcript.Note(RoundView.Sentence(round));
        return TalkReply.Of(console => RoundView.Write(console, round), RoundOutput.Of(round));
    }
}
