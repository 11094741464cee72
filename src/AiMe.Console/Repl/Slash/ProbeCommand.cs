using AiMe.Console.Output;
using AiMe.Console.Output.Documents;
using AiMe.Faculties;
using AiMe.Faculties.Self;
using AiMe.Lab.Runs;
using AiMe.Lab.Runs.Talk;

namespace AiMe.Console.Repl.Slash;

/// <summary><c>/probe</c>: asks the identity probes.</summary>
internal sealed record ProbeCommand()
    : SlashCommand("probe", "", "ask the identity probes: drift from generation 0, and the open answers; nothing is stored")
{
    public override async Task<TalkReply> RunAsync(Conversation talk, string argument, CancellationToken cancelled)
    {
        var probes = talk.Place.Plan.Probes;
        System.Console.Error.WriteLine($"Asking {probes.Choices.Length} choice probes and {probes.Open.Length} open ones; Ctrl-C cancels.");
        var world = await talk.Place.Visit.WorldAsync(cancelled);
        var instance = await talk.ReadAsync(cancelled);
        // On another thread: the embedded model would block this one.
        var found = await Task.Run(() => Examination.AskAsync(talk.Instance, instance, world.Effects, cancelled), cancelled)
            .WaitAsync(cancelled);
        return TalkReply.Of(
            console => ExaminationView.Write(console, probes, found),
            new ProbeReply(
                found.BareDrift,
                found.AgentDrift,
                found.Results.HeldOut,
                [.. found.Results.Open.Select(o => new OpenAnswer(o.Probe, o.Text))]
            )
        );
    }
}
