using AiMe.Console.Commands;
using AiMe.Faculties.Self;
using AiMe.Lab.History;
using AiMe.Lab.Runs.Talk;

namespace AiMe.Console.Repl.Slash;

/// <summary><c>/rewind</c>: goes on from an earlier moment, as another life.</summary>
internal sealed record RewindCommand()
    : SlashCommand("rewind", "N", "go on as a fork from event N, from behind experience eN, or from K exchanges back with -K")
{
    public override async Task<TalkReply> RunAsync(Conversation talk, string argument, CancellationToken cancelled)
    {
        if (!talk.IsHosted)
            throw new UsageException("another process runs this life, so it cannot be forked from here; it can when that one has ended");
        var (parent, instance) = (talk.Instance, await talk.ReadAsync(cancelled));
        var boundary = RewindPoint.Find(argument, parent, instance);
        if (boundary.Index == instance[^1].Index)
            throw new UsageException($"{parent} stands at event {boundary.Index} now: there is nothing to go back over");
        var left = Exchange.All(parent, instance).Count(e => e.First > boundary.Index && e.Stored is not null);
        var rounds = instance.Count(e => e.Index > boundary.Index && e.Happened is Adopted);
        var fork = await talk.ForkAsync(boundary, cancelled);
        var text =
            $"{fork} goes on from event {boundary.Index} of {parent}. Left behind: "
            + $"{TalkText.Count(left, "exchange")}{(rounds > 0 ? $" and {TalkText.Count(rounds, "round")}" : "")}, events "
            + $"{boundary.Index + 1} to {instance[^1].Index}. {parent} is untouched.";
        talk.Transcript.Note(text);
        return TalkReply.Of(
            console => TalkText.Write(console, text),
            json =>
            {
                json.WriteString("fork", fork);
                json.WriteString("parent", parent);
                json.WriteNumber("index", boundary.Index);
                json.WriteNumber("exchangesLeftBehind", left);
                json.WriteNumber("roundsLeftBehind", rounds);
            }
        );
    }
}
