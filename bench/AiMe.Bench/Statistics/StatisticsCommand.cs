using System.CommandLine;
using System.Diagnostics;

namespace AiMe.Bench.Statistics;

/// <summary>
/// `statistics`: simulates the procedures of src/AiMe.Metrics/Statistics and prints Markdown tables, as docs/SCIENCE.md
/// has them.
/// </summary>
internal static class StatisticsCommand
{
    public static Command Create()
    {
        var trials = new Option<int>("--trials")
        {
            Description = "Trials of each figure; twice as many around the least for BCa, ten times of rejections, a fifth of pilots",
            DefaultValueFactory = _ => 10_000,
        };
        var draws = new Option<int>("--draws") { Description = "Resamples of each bootstrap interval", DefaultValueFactory = _ => 1_999 };
        var seed = new Option<int>("--seed") { Description = "Of the trials", DefaultValueFactory = _ => 1 };
        var only = new Option<string?>("--only") { Description = "Only the tables whose name contains this text" };
        var command = new Command("statistics", "Coverage, error and power of the statistics, by simulation") { trials, draws, seed, only };
        foreach (var option in new[] { trials, draws })
            option.Validators.Add(r =>
            {
                if (r.GetValue(option) < 1)
                    r.AddError($"{option.Name}: expected a number from 1 up");
            });
        command.SetAction(parsed =>
            Print(new Trials(parsed.GetValue(trials), (ulong)parsed.GetValue(seed) << 32), parsed.GetValue(draws), parsed.GetValue(only))
        );
        return command;
    }

    private static void Print(Trials trials, int draws, string? only)
    {
        (string Name, Func<IEnumerable<MarkdownTable>> Tables)[] all =
        [
            ("coverage", () => [IntervalTables.Coverage(trials, draws)]),
            ("least", () => [IntervalTables.LeastForBca(trials.Times(2), draws)]),
            ("equivalence", () => [IntervalTables.Equivalence(trials)]),
            ("rejections", () => [TestTables.Rejections(trials.Times(10))]),
            ("power", () => [PowerTables.SignFlipPower(trials)]),
            ("pilots", () => PowerTables.Pilots(trials.Times(0.2))), // later runs of hundreds of replicates take their time
        ];
        var whole = Stopwatch.StartNew();
        foreach (var (name, tables) in all.Where(t => only is null || t.Name.Contains(only, StringComparison.OrdinalIgnoreCase)))
        {
            var watch = Stopwatch.StartNew();
            foreach (var table in tables())
                Console.Out.WriteLine(table);
            Console.Error.WriteLine($"{name}: {watch.Elapsed.TotalSeconds:0} s");
        }

        Console.Out.WriteLine($"{whole.Elapsed.TotalSeconds:0} s on {Environment.ProcessorCount} cores.");
    }
}
