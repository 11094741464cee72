namespace AiMe.Bench;

/// <summary>Whole experiences: heard, recalled, prompted, answered, reflected on, judged and stored, each step durable before the next.</summary>
internal static class ExperienceBench
{
    private static readonly (int Instances, int Experiences, double Target)[] Cases = [(100, 100, 2_000), (1_000, 40, 4_000)];

    public static async IAsyncEnumerable<Figure> FiguresAsync(Measuring bench)
    {
        foreach (var store in Store.All)
        {
            foreach (var (instances, experiences, target) in Cases)
            {
                var name = $"{store.Name}, {instances:#,0} living";
                if (!bench.Wants(name))
                    continue;
                var events = new List<double>();
                var rates = await bench.RatesAsync(async directory =>
                {
                    await using var journal = await store.OpenAsync(directory, bench.Cancelled);
                    await using var run = new ScriptedRun(ScriptedMind.Plan(instances, bench.Scaled(experiences)), journal, TimeProvider.System, TimeSpan.FromHours(1));
                    var took = await Measuring.TimeAsync(() => run.EndAsync(bench.Cancelled));
                    events.Add(run.Events / took.TotalSeconds);
                    return run.Experiences;
                });
                yield return new(name, "experiences/s", rates, target, "LangGraph.js with its SQLite saver at synchronous=NORMAL: 104-116 turns/s");
                yield return new($"{name}: events", "events/s", events[1..]);
            }
        }
    }
}
