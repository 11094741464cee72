using AiMe.Console.Commands;
using AiMe.Console.Output;
using AiMe.Console.Output.Documents;
using AiMe.Faculties.Self;
using AiMe.Lab.History;
using AiMe.Lab.Runs.Talk;

namespace AiMe.Console.Repl.Slash;

/// <summary><c>/rewind</c>: continues from an earlier event, as a fork.</summary>
internal sealed record RewindCommand()
    : SlashCommand("rewind", "N", "continue as a fork from event N, from the end of experience eN, or from K exchanges back with -K")
{
    public override async Task<TalkReply> RunAsync(Conversation talk, string argument, CancellationToken cancelled)
    {
        if (!talk.IsHosted)
            throw new UsageException("another process runs this instance; it can be forked here after that process has ended");
        var (parent, instance) = (talk.Instance, await talk.ReadAsync(cancelled));
        var boundary = RewindPoint.Find(argument, parent, instance);
        if (boundary.Index == instance[^1].Index)
            throw new UsageException($"found event {boundary.Index}, the current one of {parent}; expected an earlier one");
        var left = Exchange.All(parent, instance).Count(e => e.First > boundary.Index && e.Stored is not null);
        var rounds = instance.Count(e => e.Index > boundary.Index && e.Happened is Adopted);
        var fork = await talk.ForkAsync(boundary, cancelled);
        var text =
            $"Continuing as {fork}, a fork of {parent} at event {Lines.Count(boundary.Index)}. It omits "
            + $"{TalkText.Count(left, "exchange")}{(rounds > 0 ? $" and {TalkText.Count(rounds, "round")}" : "")}, events "
            + $"{Lines.Count(boundary.Index + 1)} to {Lines.Count(instance[^1].Index)}. {parent} is unchanged.";
        talk.Transcript.Note(text);
        return TalkReply.Of(console => TalkText.Write(console, text), new RewindReply(fork, parent, boundary.Index, left, rounds));
    }
}
