using AiMe.Lab;
using AiMe.Mind;
using Spectre.Console;

namespace AiMe.Console.Views;

/// <summary>A shard that has ended while others of its run have not.</summary>
internal static class ShardPage
{
    /// <summary>Writes the page.</summary>
    /// <param name="store">For the hints, so that they can be copied.</param>
    public static void Write(Shard shard, RunOutcome outcome, RunStatus? run, Journal.StoreAddress store)
    {
        Terminal.Output.WriteLine(outcome.Lived == 0
            ? $"Shard {shard} of {outcome.Run} had ended before; nothing was lived anew."
            : $"Shard {shard} of {outcome.Run} has ended: {Lines.Count(outcome.Lived, "experience")} in {outcome.Took.TotalSeconds:0.0} s.");
        foreach (var other in run?.Shards ?? [])
            Terminal.Line($"  {other.Shard}  {Standing(other)}");
        Terminal.Output.WriteLine("The run's digest is known when all have ended. What next:");
        Terminal.Line($"  {Invocation.Of("status", "--store", store)}");
        Terminal.Line($"  {Invocation.Of("compare", outcome.Run, "--store", store)}");
    }

    /// <summary>How a shard stands, in words.</summary>
    public static string Standing(ShardStanding shard) => shard switch
    {
        { HasEnded: true } => "ended",
        { Holder: { IsAlive: true } holder } => $"runs: process {holder.Owner.Info.ProcessId} on {holder.Owner.Info.Host}",
        { Holder: { } gone } => $"nobody runs it: process {gone.Owner.Info.ProcessId} on {gone.Owner.Info.Host} is gone; the same command takes it over",
        { HasBegun: true } => "nobody runs it: the same command goes on with it",
        _ => "has not begun",
    };
}
