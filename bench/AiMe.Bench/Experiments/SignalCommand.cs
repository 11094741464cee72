using System.CommandLine;
using System.Diagnostics;
using AiMe.EventSourcing;
using AiMe.Lab.Experiments;
using AiMe.Lab.History;
using Command = System.CommandLine.Command;

namespace AiMe.Bench.Experiments;

/// <summary>
/// `signal`: real experiments of trained variants; prints how far each measure tells them apart, in units of A/A noise, as
/// docs/SCIENCE.md has it.
/// </summary>
internal static class SignalCommand
{
    public static Command Create()
    {
        var seeds = new Option<int>("--seeds") { Description = "How many experiments, 2 or more", DefaultValueFactory = _ => 20 };
        var seed = new Option<int>("--seed") { Description = "Of the first experiment; the others follow", DefaultValueFactory = _ => 1 };
        var sets = new Option<string[]>("--set")
        {
            Description = "Changes a value of signal.yaml, as in `aime run`",
            DefaultValueFactory = _ => [],
        };
        var models = new Option<DirectoryInfo?>("--models") { Description = "The models folder of a store, whose base models are used" };
        var place = new Option<DirectoryInfo>("--dir")
        {
            Description = "Where the stores are made and removed",
            DefaultValueFactory = _ => new DirectoryInfo(Path.GetTempPath()),
        };
        var csv = new Option<FileInfo?>("--csv") { Description = "Also writes every value to this file, experiment by experiment" };
        var from = new Option<FileInfo?>("--from") { Description = "Runs nothing; tabulates a file that --csv wrote" };
        var command = new Command("signal", "The signal of each measure over A/A noise, in experiments with the embedded model")
        {
            seeds,
            seed,
            sets,
            models,
            place,
            csv,
            from,
        };
        foreach (var (option, least) in new[] { (seeds, 2), (seed, 0) })
            option.Validators.Add(r =>
            {
                if (r.GetValue(option) < least)
                    r.AddError($"{option.Name}: expected a number from {least} up");
            });
        foreach (var option in new Option[] { models, from })
            option.Validators.Add(r =>
            {
                if (r.Tokens is [var path] && !Path.Exists(path.Value))
                    r.AddError($"{option.Name}: {path.Value} does not exist");
            });
        command.SetAction(
            async (parsed, cancellationToken) =>
            {
                var watch = Stopwatch.StartNew();
                var values = parsed.GetValue(from) is { } file
                    ? [.. (await File.ReadAllLinesAsync(file.FullName, cancellationToken)).Skip(1).Select(SignalValue.Parse)]
                    : await RunAsync(
                        Laboratory.Read("signal.yaml", parsed.GetValue(sets)!),
                        Enumerable.Range(parsed.GetValue(seed), parsed.GetValue(seeds)),
                        parsed.GetValue(place)!,
                        parsed.GetValue(models),
                        parsed.GetValue(csv),
                        cancellationToken
                    );
                Print(new SignalStudy(values));
                Console.Out.WriteLine(Laboratory.Cost(watch.Elapsed));
            }
        );
        return command;
    }

    private static async Task<SignalValue[]> RunAsync(
        Experiment file,
        IEnumerable<int> seeds,
        DirectoryInfo place,
        DirectoryInfo? models,
        FileInfo? csv,
        CancellationToken cancellationToken
    )
    {
        using var laboratory = new Laboratory(place.FullName, models?.FullName);
        await using var written = csv?.CreateText();
        written?.WriteLine(SignalValue.Head);
        var oneAtATime = new Lock();
        var runs = await laboratory.RunAsync([.. seeds.Select(s => file with { Seed = new Seed((ulong)s) })], Keep, cancellationToken);
        return [.. runs.SelectMany(r => r)];

        // A file of the experiments that have ended can be tabulated, even if the bench is stopped.
        SignalValue[] Keep(RunRecord record)
        {
            var values = SignalValue.Of(record);
            lock (oneAtATime)
            {
                foreach (var value in values)
                    written?.WriteLine(value.ToLine());
                written?.Flush();
            }

            return values;
        }
    }

    private static void Print(SignalStudy study)
    {
        Console.Out.WriteLine(study.Table());
        Console.Out.WriteLine(
            $"A/A noise: standard deviation over seeds of the mean difference of two variants with equal settings. n: replicates with "
                + $"which a paired t test, two-sided at .05, finds the mean difference with a power of 80%; \"none\" if its 95% interval "
                + $"over seeds holds 0. found: share of seeds whose sign-flip test rejects at .05."
        );
        Console.Out.WriteLine(study.Equal());
        Console.Out.WriteLine(study.Scatters());
        Console.Out.WriteLine($"{study.Lacking()}\n");
        Console.Out.WriteLine(study.Doses());
        Console.Out.WriteLine(study.Passes());
        Console.Out.WriteLine($"`{study.Options}`, and what was given with --set.");
    }
}
