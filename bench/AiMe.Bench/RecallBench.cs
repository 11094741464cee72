using System.Collections.Immutable;
using System.Diagnostics;
using System.Numerics.Tensors;
using System.Runtime.InteropServices;
using AiMe.Effects;
using AiMe.Faculties;
using AiMe.Faculties.Memory;
using AiMe.Nano;

namespace AiMe.Bench;

/// <summary>
/// A recall of the embedded scan: ten of 10,000, 100,000 and 1,000,000 memories with vectors of 256 bytes, ranked by recency,
/// importance and relevance.
/// </summary>
/// <remarks>
/// Beside it, a bare scan of as many vectors of 256 floats, their dot products by TensorPrimitives and the ten greatest of them; and
/// the plain ranking, which gives the same: the bench checks it. They take turns. Between two recalls the ten found memories were used
/// and one was added, as in a cycle; bringing the packed copy up to date is part of the recall.
/// </remarks>
internal static class RecallBench
{
    private const int Width = 256,
        Best = 10;

    private static readonly MemorySettings Settings = new(Best, 1, 1, 1, 0.995, int.MaxValue, ForgetPolicy.Oldest);

    // The time that a recall may take, in microseconds.
    private static readonly (int Memories, double Target)[] Sizes = [(10_000, 200), (100_000, 2_000), (1_000_000, 20_000)];

    public static async IAsyncEnumerable<Figure> FiguresAsync(Measuring bench)
    {
        foreach (var (memories, target) in Sizes)
        {
            var name = $"{bench.Scaled(memories):#,0} memories";
            if (!bench.Wants(name))
                continue;
            var world = new World(bench.Scaled(memories));
            var times = Enumerable.Range(0, 3).Select(_ => new List<double>()).ToArray();
            var first = await world.RecallAsync(1, bench.Cancelled);
            await world.CheckAsync(bench.Cancelled);
            await bench.ValuesAsync(async _ =>
            {
                var repeats = Math.Max(9, 1_000_000 / memories);
                times[0].Add(await world.RecallAsync(repeats, bench.Cancelled));
                times[1].Add(world.Bare(repeats));
                times[2].Add(world.Plain());
                return 0;
            });
            await world.CheckAsync(bench.Cancelled);
            var bare = $"{name}, bare scan of float32";
            yield return new(bare, "us", times[1], IsBare: true);
            yield return new(name, "us", times[0], target, Beside: bare);
            yield return new($"{name}, the first recall, which makes the copy", "us", [first], Beside: bare);
            yield return new($"{name}, plain ranking", "us", times[2], Beside: bare);
        }
    }

    /// <summary>The memories of one instance, and the same vectors as floats.</summary>
    private sealed class World
    {
        private Rng _rng = new(1);
        private readonly ScanIndex _index = new();
        private readonly float[] _floats;
        private ImmutableArray<MemoryItem> _items;

        public World(int memories)
        {
            _items = [.. Enumerable.Range(1, memories).Select(Item)];
            _floats = new float[memories * Width];
            for (var i = 0; i < memories; i++)
                TensorPrimitives.ConvertTruncating<sbyte, float>(_items[i].Embedding.Components.AsSpan(), _floats.AsSpan(i * Width, Width));
        }

        private MemoryView View => new("instance-1", Settings, _items, DateTime.UnixEpoch.AddHours(_items.Length + 1));

        /// <summary>Fails if the scan does not give what the plain ranking gives.</summary>
        public async Task CheckAsync(CancellationToken cancelled)
        {
            var query = Vector();
            var found = (await _index.SearchAsync(View, [query], cancelled))[0];
            if (!found.SequenceEqual(Ranking.Best(View, query)))
                throw new InvalidOperationException("The scan does not give what the plain ranking gives.");
        }

        /// <summary>Median time of a recall, in microseconds.</summary>
        public async Task<double> RecallAsync(int repeats, CancellationToken cancelled)
        {
            var times = new List<double>();
            for (var i = 0; i < repeats; i++)
            {
                var (view, query) = (View, Vector());
                var start = Stopwatch.GetTimestamp();
                var hits = await _index.SearchAsync(view, [query], cancelled);
                times.Add(Stopwatch.GetElapsedTime(start).TotalMicroseconds);
                Use(hits[0], view.At);
            }

            return Median(times);
        }

        /// <summary>Median time of dot products and their ten greatest.</summary>
        public double Bare(int repeats)
        {
            var (times, query, dots) = (new List<double>(), new float[Width], new float[_floats.Length / Width]);
            TensorPrimitives.ConvertTruncating<sbyte, float>(Vector().Components.AsSpan(), query);
            for (var i = 0; i < repeats; i++)
            {
                var start = Stopwatch.GetTimestamp();
                var best = new PriorityQueue<int, float>();
                for (var row = 0; row < dots.Length; row++)
                {
                    var dot = TensorPrimitives.Dot(_floats.AsSpan(row * Width, Width), query);
                    if (best.Count < Best)
                        best.Enqueue(row, dot);
                    else if (best.TryPeek(out _, out var least) && dot > least)
                        best.EnqueueDequeue(row, dot);
                }

                times.Add(Stopwatch.GetElapsedTime(start).TotalMicroseconds);
                GC.KeepAlive(best);
            }

            return Median(times);
        }

        /// <summary>Time of the plain ranking, once.</summary>
        public double Plain()
        {
            var (view, query, start) = (View, Vector(), Stopwatch.GetTimestamp());
            GC.KeepAlive(Ranking.Best(view, query));
            return Stopwatch.GetElapsedTime(start).TotalMicroseconds;
        }

        private void Use(ImmutableArray<Hit> hits, DateTime at)
        {
            var used = hits.Select(h => h.Id).ToHashSet();
            _items = [.. _items.Select(item => used.Contains(item.Id) ? item with { Used = at } : item), Item(_items.Length + 1)];
        }

        private MemoryItem Item(int cycle) =>
            new(MemoryId.OfCycle(cycle), $"text {cycle}", 1 + _rng.NextInt(10), DateTime.UnixEpoch.AddHours(cycle), Vector());

        private Embedding Vector()
        {
            var bytes = new sbyte[Width];
            for (var i = 0; i < Width; i++)
                bytes[i] = (sbyte)(_rng.NextInt(255) - 127);
            return new Embedding(ImmutableCollectionsMarshal.AsImmutableArray(bytes));
        }

        private static double Median(List<double> times) => times.Order().ElementAt(times.Count / 2);
    }
}
