using AiMe.Console.Commands;
using AiMe.Console.Output;
using AiMe.Console.Terminal;
using AiMe.Faculties.Supervisor;
using AiMe.Lab.History;

namespace AiMe.Console.Repl;

/// <summary>What is said at the beginning and at the end of a conversation: on standard error, or as JSON.</summary>
/// <param name="inRun">Whether several runs of the store have an instance of this name, so that the run must be named too.</param>
/// <param name="lived">Experiences that it has stored: within a round its supervisor knows of fewer.</param>
internal sealed class TalkWords(Conversation talk, bool inRun, int lived)
{
    /// <summary>Words about the life that is spoken to.</summary>
    public static async Task<TalkWords> OfAsync(Conversation talk)
    {
        var runs = await StoreLookup.RunsAsync(talk.Place.Store, CancellationToken.None);
        var glance = await new InstanceOverviews(talk.Place.Store, talk.Place.Plan.Run).AtAsync(talk.Instance, CancellationToken.None);
        return new(talk, runs.Count(r => r.Instances.ContainsKey(talk.Instance)) > 1, glance.Stored);
    }

    private string Name => inRun ? $"{talk.Place.Plan.Run}/{talk.Instance}" : talk.Instance;

    private int Cycle => Math.Max(talk.Life.Cycle, lived);

    /// <summary>Which life it is, whether it is new, and how one talks to it.</summary>
    public void Greet(TalkHost host, bool json)
    {
        var (instance, plan) = (talk.Life, host.Plan);
        if (json)
        {
            TerminalWriter.Json(
                JsonObject.Of(o =>
                {
                    o.WriteString("is", "life");
                    o.WriteString("run", plan.Run);
                    o.WriteString("instance", talk.Instance);
                    o.WriteBoolean("new", host.IsNew);
                    o.WriteBoolean("hosted", talk.IsHosted);
                    o.WriteNumber("cycle", Cycle);
                    o.WriteNumber("generation", instance.Generation);
                })
            );
            return;
        }

        Say(
            $"{talk.Instance} of {plan.Run}: "
                + $"{(host.IsNew ? "a new life, born just now" : $"continued at cycle {Cycle}, generation {instance.Generation}")}."
        );
        if (inRun)
            Say($"Other runs of this store have a {talk.Instance} too; this one is {Name}.");
        if (host.Owner is { } owner && !talk.IsHosted)
            Say(
                $"Process {owner.Info.ProcessId} on {owner.Info.Host} runs it. What you say goes through the run's inbox "
                    + "and is answered between two cycles: answers are not streamed, and /rewind is not possible."
            );
        else if (instance.Status == InstanceState.Living)
            Say(
                $"Its plan is not lived to the end: it goes on with it ({plan.Cycles} cycles in all) while you talk, and "
                    + "what you say comes between two cycles."
            );
        Say("While you talk it asks itself nothing of its own (drives belong to planned runs), so that the same words give the same life.");
        Say("Type to talk; /help lists the commands; /quit or Ctrl-D leaves.");
        Say("");
    }

    /// <summary>Where it is kept and how to come back.</summary>
    public async Task PartAsync(bool json)
    {
        var events = (await talk.ReadAsync(CancellationToken.None)).Length;
        var (instance, place) = (talk.Life, talk.Place);
        var digest = instance.IsAtRest ? instance.Heads.Digest() : null;
        if (json)
        {
            TerminalWriter.Json(
                JsonObject.Of(o =>
                {
                    o.WriteString("is", "end");
                    o.WriteString("run", place.Plan.Run);
                    o.WriteString("instance", talk.Instance);
                    o.WriteNumber("exchanges", talk.Transcript.Exchanges);
                    o.WriteNumber("cycle", Cycle);
                    o.WriteNumber("generation", instance.Generation);
                    o.WriteNumber("events", events);
                    o.WriteString("digest", digest);
                })
            );
            return;
        }

        Say(
            $"{talk.Instance}: {TalkText.Count(talk.Transcript.Exchanges, "exchange")} in this conversation; cycle "
                + $"{instance.Cycle}, generation {instance.Generation}, {events} "
                + $"events{(digest is null ? "" : $", digest {digest[..12]}")}."
        );
        Say($"It is kept in {place.Store.Address.Place}; everything was durable as it happened.");
        Say($"  come back  {Invocation.Of("console", Name, "--store", place.Store.Address)}");
        Say($"  replay it  {Invocation.Of("replay", Name, "--store", place.Store.Address)}");
        Say($"  show it    {Invocation.Of("show", Name, "--store", place.Store.Address)}");
    }

    // Wrapped where somebody reads it; what is to be copied stays whole.
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
