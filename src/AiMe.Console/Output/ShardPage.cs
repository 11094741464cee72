using AiMe.Console.Commands;
using AiMe.Console.Terminal;
using AiMe.Faculties.Supervisor;
using AiMe.Lab.History;
using AiMe.Lab.Runs;
using Spectre.Console;

namespace AiMe.Console.Output;

/// <summary>The page of a shard that has ended before other shards of its run.</summary>
internal static class ShardPage
{
    /// <summary>Writes the page.</summary>
    /// <param name="store">Address for the suggested commands.</param>
    public static void Write(Shard shard, RunOutcome outcome, RunStatus? run, Journal.StoreAddress store)
    {
        TerminalWriter.Output.WriteLine(
            outcome.Experiences == 0
                ? $"Shard {shard} of {outcome.Run} had already ended, and nothing was run."
                : $"Shard {shard} of {outcome.Run} has ended: {Lines.Count(outcome.Experiences, "experience")} in "
                    + $"{outcome.Took.TotalSeconds:0.0} s."
        );
        foreach (var other in run?.Shards ?? [])
            TerminalWriter.Line($"  {other.Shard}  {Standing(other)}");
        TerminalWriter.Output.WriteLine("The run's digest is available after all shards have ended. Next steps:");
        TerminalWriter.Line($"  {Invocation.Of("status", "--store", store)}");
        TerminalWriter.Line($"  {Invocation.Of("compare", outcome.Run, "--store", store)}");
    }

    /// <summary>The state of a shard, in words.</summary>
    public static string Standing(ShardStatus shard) =>
        shard switch
        {
            { HasEnded: true } => "ended",
            { Holder: { IsAlive: true } holder } => $"running: process {holder.Owner.Info.ProcessId} on {holder.Owner.Info.Host}",
            { Holder: { } gone } =>
                $"stopped: process {gone.Owner.Info.ProcessId} on {gone.Owner.Info.Host} has exited; run the same command to resume",
            { HasBegun: true } => "stopped: run the same command to resume",
            _ => "not started",
        };
}
