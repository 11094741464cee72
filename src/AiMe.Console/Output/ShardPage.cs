using AiMe.Console.Commands;
using AiMe.Console.Terminal;
using AiMe.Faculties.Supervisor;
using AiMe.Lab.History;
using AiMe.Lab.Runs;
using Spectre.Console;

namespace AiMe.Console.Output;

/// <summary>A shard that has ended while others of its run have not.</summary>
internal static class ShardPage
{
    /// <summary>Writes the page.</summary>
    /// <param name="store">For the hints, so that they can be copied.</param>
    public static void Write(Shard shard, RunOutcome outcome, RunStatus? run, Journal.StoreAddress store)
    {
        TerminalWriter.Output.WriteLine(
            outcome.Lived == 0
                ? $"Shard {shard} of {outcome.Run} had ended before; nothing was lived anew."
                : $"Shard {shard} of {outcome.Run} has ended: {Lines.Count(outcome.Lived, "experience")} in "
                    + $"{outcome.Took.TotalSeconds:0.0} s."
        );
        foreach (var other in run?.Shards ?? [])
            TerminalWriter.Line($"  {other.Shard}  {Standing(other)}");
        TerminalWriter.Output.WriteLine("The run's digest is known when all have ended. What next:");
        TerminalWriter.Line($"  {Invocation.Of("status", "--store", store)}");
        TerminalWriter.Line($"  {Invocation.Of("compare", outcome.Run, "--store", store)}");
    }

    /// <summary>How a shard stands, in words.</summary>
    public static string Standing(ShardStatus shard) =>
        shard switch
        {
            { HasEnded: true } => "ended",
            { Holder: { IsAlive: true } holder } => $"runs: process {holder.Owner.Info.ProcessId} on {holder.Owner.Info.Host}",
            { Holder: { } gone } =>
                $"nobody runs it: process {gone.Owner.Info.ProcessId} on {gone.Owner.Info.Host} is gone; the same command takes it over",
            { HasBegun: true } => "nobody runs it: the same command goes on with it",
            _ => "has not begun",
        };
}
