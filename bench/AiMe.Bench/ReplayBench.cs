using System.Collections.Immutable;
using System.Diagnostics;
using AiMe.EventSourcing;
using AiMe.Faculties;
using AiMe.Faculties.Reflector;
using AiMe.Faculties.Supervisor;

namespace AiMe.Bench;

/// <summary>Reading back: decoding, checking the chain and folding, all on one core.</summary>
/// <remarks>
/// Two stores: reflections of 300 bytes, comparable with figures from elsewhere; and whole scripted lives with all their events. Each is read in
/// order of writing, and life by life through the index, as a passivated instance or a replay does.
/// </remarks>
internal static class ReplayBench
{
    private const int Instances = 10;

    public static async IAsyncEnumerable<Figure> FiguresAsync(Measuring bench)
    {
        var stores = await Store.AllAsync(bench); // first, or a server would be held to the same core
        if (OperatingSystem.IsLinux() || OperatingSystem.IsWindows())
            Process.GetCurrentProcess().ProcessorAffinity = 1; // one core, for the collector and the compiler too
        foreach (var store in stores)
        {
            foreach (
                var (what, fill, inOrder, oneLife) in new (string, Func<Store, string, Measuring, Task>, double, double)[]
                {
                    ("300-byte events", Reflections.FillAsync, 200_000, 150_000),
                    ("whole lives", FillWithLivesAsync, double.NaN, double.NaN),
                }
            )
            {
                string[] names = [$"{store.Name}, {what}, whole store in order", $"{store.Name}, {what}, one long life"];
                if (!names.Any(bench.Wants))
                    continue;
                var directory = Path.Combine(bench.Place, $"aime-bench-{Environment.ProcessId}-replay-{what.Replace(' ', '-')}");
                Directory.CreateDirectory(directory);
                try
                {
                    await fill(store, directory, bench);
                    await using var journal = await store.OpenAsync(directory, bench.Cancelled);
                    var bare = names.Select(name => $"bare rows, {name}").ToArray();
                    yield return await bench.RateAsync(bare[0], "rows/s", _ => store.BareReadAsync(directory, null)) with
                    {
                        IsBare = true,
                    };
                    yield return await bench.RateAsync(names[0], "events/s", _ => InOrderAsync(store, journal, bench.Cancelled)) with
                    {
                        Target = inOrder,
                        Reference = "Akka.Persistence.Sql 38,000-83,000; bare rows 510,000",
                        Beside = bare[0],
                    };
                    var streams = await journal.PersistenceIdsAsync("", bench.Cancelled);
                    yield return await bench.RateAsync(bare[1], "rows/s", _ => store.BareReadAsync(directory, streams)) with
                    {
                        IsBare = true,
                    };
                    yield return await bench.RateAsync(names[1], "events/s", _ =>
                        ByLifeAsync(store, journal, streams, bench.Cancelled)
                    ) with
                    {
                        Target = oneLife,
                        Reference = "Akka.Persistence.Sql 38,000-83,000; bare rows 230,000",
                        Beside = bare[1],
                    };
                }
                finally
                {
                    Directory.Delete(directory, recursive: true);
                }
            }
        }
    }

    private static FacultyDefinition FacultyOf(PersistenceId stream) =>
        stream.Value.EndsWith("/supervisor", StringComparison.Ordinal)
            ? Loop.Supervision
            : Loop.Faculties.Single(f => stream.Value.EndsWith($"/{f.Name}", StringComparison.Ordinal));

    private static StreamState Empty(FacultyDefinition faculty) => new(faculty.Initial, 0, 0, Link.Before(faculty.Name));

    private static async Task<Work> InOrderAsync(Store store, IJournal journal, CancellationToken cancelled)
    {
        var (rows, states) = (0L, new Dictionary<PersistenceId, (FacultyDefinition Faculty, StreamState State)>());
        return await Measuring.TimeAsync(
            async () =>
            {
                await foreach (var row in journal.ReadAllAsync(0, cancelled))
                {
                    if (!states.TryGetValue(row.PersistenceId, out var known))
                        known = (FacultyOf(row.PersistenceId), Empty(FacultyOf(row.PersistenceId)));
                    states[row.PersistenceId] = (known.Faculty, known.State.Next(known.Faculty, row, FacultyEvents.Codec, out _));
                    rows++;
                }

                return rows;
            },
            store
        );
    }

    private static async Task<Work> ByLifeAsync(
        Store store,
        IJournal journal,
        ImmutableArray<PersistenceId> streams,
        CancellationToken cancelled
    )
    {
        var rows = 0L;
        return await Measuring.TimeAsync(
            async () =>
            {
                foreach (var stream in streams)
                    rows += (
                        await StreamFold.ReadAsync(FacultyOf(stream), stream, journal, snapshots: null, FacultyEvents.Codec, cancelled)
                    ).SequenceNumber;
                return rows;
            },
            store
        );
    }

    private static async Task FillWithLivesAsync(Store store, string directory, Measuring bench)
    {
        await using var journal = await store.OpenAsync(directory, bench.Cancelled);
        await using var run = new ScriptedRun(ScriptedMind.Plan(Instances, bench.Scaled(600)), journal, TimeSpan.FromHours(1));
        await run.EndAsync(bench.Cancelled);
    }

    /// <summary>Lives whose reflections make rows of 300 bytes; an insight after every thirtieth.</summary>
    private static class Reflections
    {
        public static async Task FillAsync(Store store, string directory, Measuring bench)
        {
            await using var journal = await store.OpenAsync(directory, bench.Cancelled);
            var spec = ScriptedMind.Plan(1, 1);
            var (faculty, each) = (Loop.Faculties.Single(f => f.Name == Loop.Reflector), bench.Scaled(20_000));
            var at = Enumerable.Range(0, Instances).Select(_ => Empty(faculty)).ToArray();
            for (var from = 0; from < each; from += 10)
            {
                for (var instance = 0; instance < Instances; instance++)
                {
                    var entries = ImmutableArray.CreateBuilder<JournalEntry>();
                    for (var n = from; n < from + 10; n++)
                    {
                        Event happened =
                            n == 0 ? new ReflectorBegan(spec.Charter, spec.Variants[0].Reflector, new Seed(7))
                            : n % 31 == 0 ? new InsightFormed(n, null, 150)
                            : Reflected(n);
                        var (manifest, data) = (FacultyEvents.Codec.ManifestOf(happened), FacultyEvents.Codec.Write(happened));
                        var link = at[instance].Head.Next(n + 1, n + 1, manifest, data);
                        entries.Add(new JournalEntry(n + 1, manifest, new EventEnvelope(n + 1, data, link).Write()));
                        at[instance] = new StreamState(at[instance].State, n + 1, n + 1, link);
                    }

                    await journal.AppendAsync(
                        new PersistenceId($"{JournalBench.Run}/keep-all-{instance + 1}/{Loop.Reflector}"),
                        new WriterId("w"),
                        entries.ToImmutable(),
                        bench.Cancelled
                    );
                }
            }
        }

        private static Reflected Reflected(int cycle)
        {
            const string Text =
                "It is plain and true, and it serves the goal to learn; it could have asked a question back, and it need not have said the same thing twice. Next time I look at";
            return new(cycle, new Reflection($"{Text} s{cycle:000000}", 0.5 + cycle % 40 / 100.0, 0.25, 3.5));
        }
    }
}
