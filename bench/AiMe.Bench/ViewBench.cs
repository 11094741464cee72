using System.Diagnostics;
using System.Net;
using AiMe.EventSourcing;
using AiMe.Journal;
using AiMe.Lab.History.Replay;
using AiMe.Web.View;
using AiMe.Web.View.Live;

namespace AiMe.Bench;

/// <summary>The pages of <c>aime view</c> over a store of a million events, from a server that has just started, and again.</summary>
/// <remarks>With AIME_BENCH_KEEP=1 the stores stay in <c>--dir</c> and are used again.</remarks>
internal static class ViewBench
{
    private const double FirstPage = 2_000,
        AnyFilter = 500,
        Query = 100;

    // Some nine events an experience.
    private static readonly (int Instances, int Experiences)[] Sizes = [(1_000, 115), (10_000, 10)];

    public static async IAsyncEnumerable<Figure> FiguresAsync(Measuring bench)
    {
        foreach (var (instances, experiences) in Sizes)
        {
            var name = $"{instances:#,0} instances";
            if (!bench.Wants(name))
                continue;
            var directory = Path.Combine(bench.Place, $"aime-bench-view-{instances}-{bench.Scaled(experiences)}");
            var keep = Environment.GetEnvironmentVariable("AIME_BENCH_KEEP") is { Length: > 0 };
            try
            {
                var plan = ScriptedMind.Plan(instances, bench.Scaled(experiences));
                if (!File.Exists(SqliteStore.FileIn(directory)))
                    await FillAsync(directory, plan, bench.Cancelled);
                await foreach (var figure in OfAsync(directory, plan.Run, name, bench))
                    yield return figure;
            }
            finally
            {
                if (!keep)
                    Directory.Delete(directory, recursive: true);
            }
        }
    }

    private static async Task FillAsync(string directory, AiMe.Faculties.Supervisor.RunPlan plan, CancellationToken cancelled)
    {
        Directory.CreateDirectory(directory);
        await using var store = await EventStore.OpenAsync(
            directory,
            TimeProvider.System,
            AiMe.Journal.Sqlite.SqliteSettings.Default,
            Processes.IsRunning,
            cancelled
        );
        await using var run = new ScriptedRun(plan, store.Journal, TimeSpan.FromHours(1));
        await run.EndAsync(cancelled);
        await run.RestAsync(cancelled);
    }

    private static async IAsyncEnumerable<Figure> OfAsync(string directory, string run, string name, Measuring bench)
    {
        const string instance = "keep-all-500";
        var times = new Dictionary<string, List<double>>(StringComparer.Ordinal);
        await bench.ValuesAsync(async _ =>
        {
            await using var store = EventStore.OpenReadOnly(directory, TimeProvider.System, Processes.IsRunning);
            var options = new ViewOptions(IPAddress.Loopback, 0, 1, []);
            await using var server = await ViewServer.StartAsync(store, null, options, TimeProvider.System, bench.Cancelled);
            using var client = new HttpClient { BaseAddress = server.Address };
            await TimeAsync("first page", () => client.GetStringAsync("/", bench.Cancelled));
            await TimeAsync("page of the run, first", () => client.GetStringAsync($"/runs/{run}", bench.Cancelled));
            await TimeAsync("page of the run, again", () => client.GetStringAsync($"/runs/{run}", bench.Cancelled));
            await TimeAsync("page of an instance, first", () => client.GetStringAsync($"/runs/{run}/{instance}", bench.Cancelled));
            await TimeAsync("page of an instance, again", () => client.GetStringAsync($"/runs/{run}/{instance}", bench.Cancelled));
            var state = (await AiMe.Lab.History.InstanceReader.ReadRunAsync(store.Journal, run, bench.Cancelled))!;
            var record = (await RecordReader.OpenAsync(store, state, instance, bench.Cancelled))!;
            await TimeAsync("filter by faculty", () => record.FindAsync(EventFilter.All with { Faculties = 2 }, bench.Cancelled));
            await TimeAsync("filter by text", () => record.FindAsync(EventFilter.All with { Text = "honest" }, bench.Cancelled));
            await TimeAsync("new rows looked for", () => store.Glance.NewestAsync(bench.Cancelled));
            return 0;
        });
        foreach (var (what, values) in times)
            yield return new Figure(
                $"{name}, {what}",
                "ms",
                values,
                what.StartsWith("page of the run, first", StringComparison.Ordinal) || what == "first page" ? FirstPage
                    : what.StartsWith("filter", StringComparison.Ordinal) ? AnyFilter
                    : Query
            );

        async Task TimeAsync<T>(string what, Func<Task<T>> work)
        {
            var watch = Stopwatch.StartNew();
            await work();
            if (!times.TryGetValue(what, out var values))
                times[what] = values = [];
            values.Add(watch.Elapsed.TotalMilliseconds);
        }
    }
}
