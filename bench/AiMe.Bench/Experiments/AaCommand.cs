using System.CommandLine;
using System.Diagnostics;
using AiMe.Bench.Statistics;

namespace AiMe.Bench.Experiments;

/// <summary>
/// `aa`: real experiments of variants with equal settings; prints how often each declared test rejects, as docs/SCIENCE.md
/// has it.
/// </summary>
internal static class AaCommand
{
    public static Command Create()
    {
        var experiments = new Option<int>("--experiments") { Description = "How many", DefaultValueFactory = _ => 200 };
        var replicates = new Option<int>("--replicates") { Description = "Of each variant", DefaultValueFactory = _ => 8 };
        var relabellings = new Option<int>("--relabellings")
        {
            Description = "Of each experiment, for the size given the values",
            DefaultValueFactory = _ => 20,
        };
        var seed = new Option<int>("--seed") { Description = "Of the first experiment; the others follow", DefaultValueFactory = _ => 1 };
        var place = new Option<DirectoryInfo>("--dir")
        {
            Description = "Where the stores are made and removed",
            DefaultValueFactory = _ => new DirectoryInfo(Path.GetTempPath()),
        };
        var command = new Command("aa", "Rejections of declared tests in A/A experiments with the embedded model")
        {
            experiments,
            replicates,
            relabellings,
            seed,
            place,
        };
        foreach (var (option, least) in new[] { (experiments, 1), (replicates, 1), (relabellings, 0), (seed, 0) })
            option.Validators.Add(r =>
            {
                if (r.GetValue(option) < least)
                    r.AddError($"{option.Name}: expected a number from {least} up");
            });
        command.SetAction(
            async (parsed, cancellationToken) =>
                await PrintAsync(
                    new AaStudy(Laboratory.Read("aa.yaml", $"replicates={parsed.GetValue(replicates)}"), parsed.GetValue(relabellings)),
                    [.. Enumerable.Range(parsed.GetValue(seed), parsed.GetValue(experiments)).Select(s => (ulong)s)],
                    parsed.GetValue(place)!.FullName,
                    cancellationToken
                )
        );
        return command;
    }

    private static async Task PrintAsync(AaStudy study, ulong[] seeds, string place, CancellationToken cancellationToken)
    {
        var watch = Stopwatch.StartNew();
        using var laboratory = new Laboratory(place);
        // The first alone: it trains the base model.
        var results = new AaResult[seeds.Length];
        await RunAsync(0, Environment.ProcessorCount, cancellationToken);
        await Parallel.ForEachAsync(
            Enumerable.Range(1, seeds.Length - 1),
            new ParallelOptions { MaxDegreeOfParallelism = Environment.ProcessorCount, CancellationToken = cancellationToken },
            async (i, cancelled) => await RunAsync(i, threads: 1, cancelled)
        );
        var tables = new AaTables(results);
        Console.Out.WriteLine(tables.Unadjusted());
        Console.Out.WriteLine(tables.Families());
        Console.Out.WriteLine(
            $"{tables.Flagged()} tests rejected more than {tables.Most} of {results.Length}; by chance "
                + $"{MarkdownTable.Number(tables.FlaggedByChance(), 1)} would. {watch.Elapsed.TotalSeconds:0} s on "
                + $"{Environment.ProcessorCount} cores; {Environment.CpuUsage.TotalTime.TotalSeconds:0} s of processor time."
        );

        async Task RunAsync(int i, int threads, CancellationToken cancelled)
        {
            results[i] = await study.RunAsync(laboratory, seeds[i], threads, cancelled);
            await Console.Error.WriteLineAsync($"seed {seeds[i]}: {watch.Elapsed.TotalSeconds:0} s");
        }
    }
}
