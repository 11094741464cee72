using AiMe.Console.Commands;
using AiMe.Console.Output.Documents;
using AiMe.Console.Terminal;
using AiMe.Journal;
using AiMe.Lab.Runs;

namespace AiMe.Console.Doctor;

/// <summary><c>aime doctor --take-over</c>: frees the names of dead processes, after asking.</summary>
internal static class OwnerRelease
{
    public static async Task<int> RunAsync(StoreAddress address, bool yes, bool json, CancellationToken cancellationToken)
    {
        if (!EventStore.HasJournal(address))
            throw new UsageException($"{address.Place} has no journal, so nobody holds anything; expected the --store of a run");
        await using var store = await Stores.OpenAsync(address, Synchronous.Full, cancellationToken, cancellationToken);
        var processes = await HoldingProcess.AllAsync(store.Ownership, cancellationToken);
        if (processes.Any(p => p.MustBeWatched))
        {
            System.Console.Error.WriteLine(
                $"Watching for {Ownership.StaleAfter.TotalSeconds:0} s whether a heartbeat in the future still moves."
            );
            processes = await TakeOver.WatchAsync(store.Ownership, TimeProvider.System, cancellationToken);
        }

        HoldingProcess[] dead = [.. processes.Where(p => !p.IsAlive)];
        foreach (var process in processes)
            System.Console.Error.WriteLine($"{OwnerCheck.Words(process)}{(process.IsAlive ? ": it is alive and keeps them" : "")}");
        var freed = dead.Length > 0 && Confirmation.Ask($"Free the names of {Output.Lines.Count(dead.Length, "process")}?", yes);
        foreach (var process in freed ? dead : [])
            await TakeOver.FreeAsync(store.Ownership, process, cancellationToken);
        var names = freed ? dead.Sum(p => p.Holders.Length) : 0;
        if (json)
            TerminalWriter.Json(new ReleaseOutput(freed ? dead.Length : 0, names, processes.Length - dead.Length));
        else
            TerminalWriter.Line(
                names > 0 ? $"Freed {Output.Lines.Count(names, "name")}; the next owner of each gets the next epoch."
                : processes.IsEmpty ? "Nobody holds a name."
                : "Nothing was freed."
            );
        return names == 0 && !processes.IsEmpty ? ExitCode.Error : ExitCode.Done;
    }
}
