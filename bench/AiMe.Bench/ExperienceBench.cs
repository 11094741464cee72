using AiMe.EventSourcing;

namespace AiMe.Bench;

/// <summary>Whole experiences: heard, recalled, prompted, answered, reflected on, judged and stored, each step durable before the next.</summary>
internal static class ExperienceBench
{
    private static readonly (int Instances, int Experiences, double Target)[] Cases =
    [
        (100, 100, 2_000),
        (1_000, 40, 4_000),
        (10_000, 8, 4_000),
    ];

    public static async IAsyncEnumerable<Figure> FiguresAsync(Measuring bench)
    {
        foreach (var store in await Store.AllAsync(bench))
        {
            var other = $"{store.Name}, through Akka.Persistence.Sql, 100 living";
            if (bench.Wants(other))
            {
                yield return await bench.RateAsync(other, "experiences/s", async directory =>
                {
                    await using var journal = await store.OpenAsync(directory, bench.Cancelled); // it makes the tables
                    await using var run = new ScriptedRun(
                        ScriptedMind.Plan(100, bench.Scaled(10)),
                        journal,
                        TimeSpan.FromHours(1),
                        akkaSql: await store.AddressAsync(directory)
                    );
                    var all = await Measuring.TimeAsync(
                        async () =>
                        {
                            await run.EndAsync(bench.Cancelled);
                            return run.Events;
                        },
                        store
                    );
                    return new Work(run.Experiences.Done, run.Experiences.Took, all.Busy, all.Served);
                });
            }

            foreach (var (instances, experiences, target) in Cases)
            {
                var name = $"{store.Name}, {instances:#,0} living";
                if (!bench.Wants(name))
                    continue;
                var events = new List<double>();
                yield return await bench.RateAsync(name, "experiences/s", async directory =>
                {
                    await using var journal = await store.OpenAsync(directory, bench.Cancelled);
                    await using var run = new ScriptedRun(
                        ScriptedMind.Plan(instances, bench.Scaled(experiences)),
                        journal,
                        TimeSpan.FromHours(1)
                    );
                    var all = await Measuring.TimeAsync(
                        async () =>
                        {
                            await run.EndAsync(bench.Cancelled);
                            return run.Events;
                        },
                        store
                    );
                    events.Add(all.Done / all.Took.TotalSeconds);
                    return new Work(run.Experiences.Done, run.Experiences.Took, all.Busy, all.Served); // the births are in what the processors did
                }) with
                {
                    Target = target,
                    Reference = "LangGraph.js with its SQLite saver at synchronous=NORMAL: 104-116 turns/s",
                };
                yield return new($"{name}: events", "events/s", events[1..]);
            }
        }
    }
}
