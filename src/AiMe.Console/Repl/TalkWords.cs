using AiMe.Console.Commands;
using AiMe.Console.Output;
using AiMe.Console.Output.Documents;
using AiMe.Console.Terminal;
using AiMe.Faculties.Supervisor;
using AiMe.Lab.History;

namespace AiMe.Console.Repl;

/// <summary>Prints the beginning and the end of a conversation: on standard error, or as JSON.</summary>
/// <param name="inRun">Whether several runs have an instance of this name, so that messages include the run.</param>
/// <param name="stored">Number of stored experiences: within a round the supervisor records fewer.</param>
internal sealed class TalkWords(Conversation talk, bool inRun, int stored)
{
    /// <summary>Reads what the messages need.</summary>
    public static async Task<TalkWords> OfAsync(Conversation talk)
    {
        var runs = await StoreLookup.RunsAsync(talk.Place.Store, CancellationToken.None);
        var glance = await new InstanceOverviews(talk.Place.Store, talk.Place.Plan.Run).AtAsync(talk.Instance, CancellationToken.None);
        return new(talk, runs.Count(r => r.Instances.ContainsKey(talk.Instance)) > 1, glance.Stored);
    }

    private string Name => inRun ? $"{talk.Place.Plan.Run}/{talk.Instance}" : talk.Instance;

    private int Cycle => Math.Max(talk.Progress.Cycle, stored);

    /// <summary>Prints the instance, its state, and how to use the console.</summary>
    public void Greet(TalkHost host, bool json)
    {
        var (instance, plan) = (talk.Progress, host.Plan);
        if (json)
        {
            TerminalWriter.Json(new TalkBeginOutput(plan.Run, talk.Instance, host.IsNew, talk.IsHosted, Cycle, instance.Generation));
            return;
        }

        Say(
            $"{talk.Instance} of {plan.Run}: "
                + $"{(host.IsNew ? "a new instance" : $"resumed at cycle {Lines.Count(Cycle)}, generation {instance.Generation}")}."
        );
        if (inRun)
            Say($"Other runs of this store have an instance {talk.Instance} too; this one is {Name}.");
        if (host.Owner is { } owner && !talk.IsHosted)
            Say(
                $"Process {owner.Info.ProcessId} on {owner.Info.Host} runs it. Your input goes through the run's inbox "
                    + "and is answered between two cycles: answers are not streamed, and /rewind is not available."
            );
        else if (instance.Status == InstanceState.Living)
            Say(
                $"Its plan ({Lines.Count(plan.Cycles)} cycles) is not complete and continues during the conversation; your input "
                    + "is answered between two cycles."
            );
        Say("Drives (questions to itself) apply only to planned runs, so that a conversation is reproducible.");
        Say("Type to talk. /help lists the commands, /quit or Ctrl-D leaves.");
        Say("");
    }

    /// <summary>Prints the store of the instance, and commands to return to it.</summary>
    public async Task PartAsync(bool json)
    {
        var events = (await talk.ReadAsync(CancellationToken.None)).Length;
        var (instance, place) = (talk.Progress, talk.Place);
        var digest = instance.IsAtRest ? instance.Heads.Digest() : null;
        if (json)
        {
            TerminalWriter.Json(
                new TalkEndOutput(place.Plan.Run, talk.Instance, talk.Transcript.Exchanges, Cycle, instance.Generation, events, digest)
            );
            return;
        }

        Say(
            $"{talk.Instance}: {TalkText.Count(talk.Transcript.Exchanges, "exchange")} in this conversation; cycle "
                + $"{Lines.Count(instance.Cycle)}, generation {instance.Generation}, "
                + $"{TalkText.Count(events, "event")}{(digest is null ? "" : $", digest {digest[..12]}")}."
        );
        Say($"Everything is stored in {place.Store.Address.Place}.");
        Say($"  resume  {Invocation.Of("console", Name, "--store", place.Store.Address)}");
        Say($"  replay  {Invocation.Of("replay", Name, "--store", place.Store.Address)}");
        Say($"  show    {Invocation.Of("show", Name, "--store", place.Store.Address)}");
    }

    // Wrapped on a terminal; commands to copy stay whole.
    private static void Say(string line)
    {
        var wrap = new WordWrap(
            System.Console.Error,
            System.Console.IsErrorRedirected || line.StartsWith(' ') ? null : () => TerminalWriter.Error.Profile.Width
        );
        wrap.Write(line);
        wrap.EndLine();
    }
}
