using System.CommandLine;
using System.Diagnostics;

namespace AiMe.Bench.Experiments;

/// <summary>`forecast`: a pilot with a true effect forecasts the power of later runs, which are then made.</summary>
internal static class ForecastCommand
{
    private const int MostReplicates = 40;

    public static Command Create()
    {
        var replicates = new Option<int>("--replicates")
        {
            Description = "Of the run that tells the true difference, 2 or more",
            DefaultValueFactory = _ => 60,
        };
        var later = new Option<int>("--later") { Description = "Number of later runs", DefaultValueFactory = _ => 20 };
        var seed = new Option<int>("--seed") { Description = "Of the first run; the others follow", DefaultValueFactory = _ => 1001 };
        var place = new Option<DirectoryInfo>("--dir")
        {
            Description = "Where the stores are made and removed",
            DefaultValueFactory = _ => new DirectoryInfo(Path.GetTempPath()),
        };
        var sets = new Option<string[]>("--set")
        {
            Description = "Changes a value of effect.yaml, as in `aime run`",
            DefaultValueFactory = _ => [],
        };
        var command = new Command("forecast", "A power forecast from one pilot, and later runs") { replicates, later, seed, place };
        foreach (var (option, least) in new[] { (replicates, 2), (later, 1), (seed, 0) })
            option.Validators.Add(r =>
            {
                if (r.GetValue(option) < least)
                    r.AddError($"{option.Name}: expected a number from {least} up");
            });
        command.SetAction(
            async (parsed, cancellationToken) =>
            {
                var watch = Stopwatch.StartNew();
                using var laboratory = new Laboratory(parsed.GetValue(place)!.FullName);
                var study = await ForecastStudy.RunAsync(
                    laboratory,
                    Laboratory.Read("effect.yaml", parsed.GetValue(sets)!),
                    parsed.GetValue(replicates),
                    parsed.GetValue(later),
                    MostReplicates,
                    (ulong)parsed.GetValue(seed),
                    cancellationToken
                );
                Console.Out.WriteLine(study.Table());
                Console.Out.WriteLine(study.Verdict());
                Console.Out.WriteLine(Laboratory.Cost(watch.Elapsed));
            }
        );
        return command;
    }
}
