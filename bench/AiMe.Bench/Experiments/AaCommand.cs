using System.CommandLine;
using System.Diagnostics;
using AiMe.Bench.Statistics;
using AiMe.EventSourcing;
using Command = System.CommandLine.Command;

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
            {
                var watch = Stopwatch.StartNew();
                var file = Laboratory.Read("aa.yaml", $"replicates={parsed.GetValue(replicates)}");
                using var laboratory = new Laboratory(parsed.GetValue(place)!.FullName);
                Print(
                    new AaTables(
                        await laboratory.RunAsync(
                            [
                                .. Enumerable
                                    .Range(parsed.GetValue(seed), parsed.GetValue(experiments))
                                    .Select(s => file with { Seed = new Seed((ulong)s) }),
                            ],
                            record => AaStudy.Test(record, parsed.GetValue(relabellings)),
                            cancellationToken
                        )
                    )
                );
                Console.Out.WriteLine(Laboratory.Cost(watch.Elapsed));
            }
        );
        return command;
    }

    private static void Print(AaTables tables)
    {
        Console.Out.WriteLine(tables.Unadjusted());
        Console.Out.WriteLine(tables.Families());
        Console.Out.WriteLine(
            $"{tables.Flagged()} tests rejected more than {tables.Most} of {tables.Experiments}; if each had its attainable size, "
                + $"{MarkdownTable.Number(tables.FlaggedByChance(), 1)} would by chance."
        );
    }
}
