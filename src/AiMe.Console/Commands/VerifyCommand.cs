using System.CommandLine;
using AiMe.Console.Output;
using AiMe.Console.Output.Documents;
using AiMe.Console.Terminal;
using AiMe.Corpora;
using AiMe.Faculties.Supervisor;
using AiMe.Journal;
using AiMe.Lab.Verification;

namespace AiMe.Console.Commands;

/// <summary><c>aime verify</c>: checks that a store still holds what was written. No model is called.</summary>
internal static class VerifyCommand
{
    public static Command Create()
    {
        var what = new Argument<string?>("run|instance")
        {
            Description = $"A run ({SharedOptions.RunForms}), an instance such as inward-1, or run/instance. Default: the whole store",
            Arity = ArgumentArity.ZeroOrOne,
        };
        what.CompletionSources.Add(Completions.Runs);
        what.CompletionSources.Add(Completions.Instances);
        var store = SharedOptions.StoreOption();
        var json = SharedOptions.JsonOption(
            "One JSON object: what was checked, what diverges, and the events of every instance that no anchor covers"
        );
        var command = new Command(
            "verify",
            "Check that a store still holds what was written: fold every event again, and compare links, numbers, anchors, "
                + "writers, snapshots, blobs and digests. No model is called"
        )
        {
            what,
            store,
            json,
        };
        command.SetAction(
            async (parsed, cancellationToken) =>
            {
                await using var opened = Stores.OpenReadOnly(parsed.GetRequiredValue(store));
                var (run, instance) = parsed.GetValue(what) is { } name ? await FindAsync(opened, name, cancellationToken) : (null, null);
                var found = await TerminalWriter.WhileAsync("reading", progress =>
                    Verifier.VerifyAsync(opened, run, instance, progress, cancellationToken)
                );
                RefuseWithoutBlobs(opened.Address, found.Counts.Blobs);
                var subject =
                    run is null ? $"the store {opened.Address.Place}"
                    : instance is null ? $"the run {run}"
                    : $"the instance {run}/{instance}";
                if (parsed.GetValue(json))
                    TerminalWriter.Json(VerifyOutput.Of(opened.Address.Place, run, instance, found));
                else
                    VerifyView.Write(
                        opened.Address is PostgresAddress ? $"{subject} (blobs and models in {opened.Address.Root})" : subject,
                        found
                    );
                return found.Holds ? ExitCode.Done : ExitCode.Diverged;
            }
        );
        return command;
    }

    /// <summary>
    /// Refuses to verify a database whose directory of blobs does not exist: the directory was more likely omitted than
    /// lost.
    /// </summary>
    /// <param name="blobs">Number of blobs that the events refer to.</param>
    /// <exception cref="UsageException">The directory does not exist.</exception>
    internal static void RefuseWithoutBlobs(StoreAddress address, int blobs)
    {
        if (address is PostgresAddress && blobs > 0 && !Directory.Exists(address.Root))
            throw new UsageException(
                $"the directory of blobs and models {address.Root} does not exist, but the events of {address.Place} "
                    + $"refer to {Lines.Count(blobs, "blob")}: name the directory with --blobs, or in $AIME_BLOBS"
            );
    }

    private static async Task<(string Run, string? Instance)> FindAsync(EventStore store, string name, CancellationToken cancellationToken)
    {
        var known = await VerifyTarget.ListAsync(store, cancellationToken);
        if (known.ContainsKey(name))
            return (name, null);
        var instances = known.SelectMany(r => r.Value.Select(l => (Run: r.Key, Instance: l))).ToList();
        var parts = name.Split('/');
        var fit = parts is [var beginning, var instance]
            ? [.. instances.Where(l => l.Instance == instance && l.Run.StartsWith(beginning, StringComparison.Ordinal))]
            : instances.Where(l => l.Instance == name).ToList();
        if (parts.Length == 2 && fit.Where(l => l.Run == parts[0]).ToList() is [var exact])
            return exact;
        string[] runs = [.. known.Keys.Where(r => r.StartsWith(name, StringComparison.Ordinal))];
        // The name of an experiment means its newest run, as for every command.
        if (fit.Count == 0 && runs.Where(r => RunPlan.ExperimentOf(r) == name).ToArray() is { Length: > 0 } own)
            return (await NewestRun.IdAsync(store, name, own, cancellationToken), null);
        if (fit.Count > 1 && parts.Length == 2 && fit.Where(l => RunPlan.ExperimentOf(l.Run) == parts[0]).ToList() is { Count: > 0 } named)
            fit = named;
        if (fit.Count > 1 && fit.DistinctBy(l => RunPlan.ExperimentOf(l.Run)).Count() == 1)
            return (await NewestRun.IdAsync(store, name, [.. fit.Select(l => l.Run)], cancellationToken), fit[0].Instance);
        return (fit.Count, runs.Length) switch
        {
            (1, _) => fit[0],
            (0, 1) => (runs[0], null),
            (0, 0) when known.IsEmpty => throw new UsageException(
                $"the store {store.Address.Place} has no run yet. To start one: "
                    + $"`{Invocation.Of("run", "<experiment>", "--store", store.Address)}`"
            ),
            (0, 0) => throw new UsageException(
                $"the store {store.Address.Place} has no run or instance '{name}'"
                    + Nearest.Hint(name, instances.Select(l => l.Instance).Distinct(StringComparer.Ordinal).Concat(known.Keys))
                    + $"\n  To list all: {Invocation.Of("list", "--store", store.Address)}"
            ),
            (0, _) => throw new UsageException($"'{name}' is ambiguous, expected one of {string.Join(", ", runs)}"),
            _ => throw new UsageException(
                $"'{name}' is ambiguous, expected one of {string.Join(", ", fit.Select(l => $"{l.Run}/{l.Instance}"))}"
            ),
        };
    }
}
