// The bench: how fast the journal, the replay and a whole life are, and what they cost in memory, beside the bare limits of the same machine in the
// same run. `dotnet run --project bench/AiMe.Bench -- journal` (or replay, experience, recall, memory, nano, adapters); `--help` lists the options, `--json` gives one object a
// figure. Every figure is the median of several runs with its quartiles; docs/PERFORMANCE.md says what was found. Nothing here is a test.
// Four are no matter of speed: `statistics` simulates coverage, error and power of the statistics; `aa` runs experiments without an effect and
// `forecast` some with one, through the whole product; `signal` says which measures see which effect. docs/SCIENCE.md says what was found.
using System.CommandLine;
using AiMe.Bench;
using AiMe.Bench.Experiments;
using AiMe.Bench.Statistics;

var runs = new Option<int>("--runs") { Description = "Measured runs of each figure; the median is given", DefaultValueFactory = _ => 5 };
var scale = new Option<double>("--scale") { Description = "Work of each run, as a multiple of the default", DefaultValueFactory = _ => 1 };
var only = new Option<string?>("--only") { Description = "Only the figures whose name contains this text" };
var place = new Option<DirectoryInfo>("--dir")
{
    Description = "Where the stores of the bench are made and removed: the disk that is measured",
    DefaultValueFactory = _ => new DirectoryInfo(Path.GetTempPath()),
};
var json = new Option<bool>("--json") { Description = "One JSON object a line instead of the table" };
runs.Validators.Add(r => Check(r.GetValue(runs) >= 1, r, "--runs: expected a number from 1 up"));
scale.Validators.Add(r => Check(r.GetValue(scale) is > 0 and <= 1000, r, "--scale: expected a number above 0, at most 1000"));
place.Validators.Add(r => Check(r.GetValue(place) is { Exists: true }, r, "--dir: expected a directory that exists"));

var root = new RootCommand("AiMe's bench: speed and memory, beside the bare limits of the same run");
foreach (var (name, says, figures) in Benches.All)
{
    var command = new Command(name, says) { runs, scale, only, place, json };
    command.SetAction(
        async (parsed, cancellationToken) =>
        {
            var bench = new Measuring(
                parsed.GetValue(runs),
                parsed.GetValue(scale),
                parsed.GetValue(only),
                parsed.GetValue(place)!.FullName,
                cancellationToken
            );
            await Report.WriteAsync(name, figures(bench), parsed.GetValue(json), bench);
            return 0;
        }
    );
    root.Add(command);
}

root.Add(StatisticsCommand.Create());
root.Add(AaCommand.Create());
root.Add(ForecastCommand.Create());
root.Add(SignalCommand.Create());
var line = root.Parse(args);
if (line.Errors.Count == 0)
    return await line.InvokeAsync();
foreach (var error in line.Errors)
    await Console.Error.WriteLineAsync($"bench: {error.Message}");
await Console.Error.WriteLineAsync("bench: --help lists what there is");
return 2;

static void Check(bool holds, System.CommandLine.Parsing.SymbolResult result, string otherwise)
{
    if (!holds)
        result.AddError(otherwise);
}
