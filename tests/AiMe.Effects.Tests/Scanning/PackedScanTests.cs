using System.Collections.Immutable;
using AiMe.Effects.Scanning;
using AiMe.Faculties;
using AiMe.Faculties.Memory;
using AiMe.Faculties.Tests;

namespace AiMe.Effects.Tests.Scanning;

public sealed class PackedScanTests
{
    public static TheoryData<double> Decays { get; } = [1e-300, 0.5, 0.9, 0.995, 0.9999, 0.999999999, 1 - 1e-15, 1];

    [Theory, MemberData(nameof(Decays))]
    public void The_ends_of_the_recency_are_those_of_all_memories(double decay)
    {
        var random = new Random(5);
        foreach (var span in (double[])[1e-9, 1e-6, 1, 1000, 140_000, 147_500, 200_000])
        {
            var view = View(i => Some.Epoch.AddHours(span * (0.9 + 0.1 * random.NextDouble()) * (i % 3)), decay);
            foreach (var hours in (double[])[span / 2, 2 * span, 149_000, 1e6])
            {
                var at = Some.Epoch.AddHours(hours);
                RecencyScale
                    .Of(Packed(view), decay, at.Ticks)
                    .ShouldBe(
                        view.Items.Aggregate(Scale.Empty, (all, item) =>
                            all.Including(Ranking.Recency(item, Some.Memory with { Decay = decay }, at))
                        )
                    );
            }
        }
    }

    public static TheoryData<int> Seeds { get; } = [.. Enumerable.Range(100, 30)];

    [Theory, MemberData(nameof(Seeds))]
    public void An_approximate_score_is_within_its_error(int seed)
    {
        var world = new RandomMemories(seed);
        var packed = new PackedMemories(world.Width);
        for (var step = 0; step < 5; step++)
        {
            var (view, query) = (world.Next(), world.Vector());
            packed.Update(view).ShouldBeTrue();
            var relevances = view.Items.Select(i => Ranking.Relevance(i.Embedding.Cosine(query))).ToArray();
            var recencies = view.Items.Select(i => Ranking.Recency(i, view.Settings, view.At)).ToArray();
            var (recency, relevance) = (Over(recencies), Over(relevances));
            var w = view.Settings;
            if (ApproximateScore.For(w, recency, packed.Importance, relevance, packed.Fading.Until(view.At.Ticks)) is not { } score)
                continue;
            var fadings = packed.Chunks.SelectMany(c => c.Fadings.ToArray()).ToArray();
            var greatest = Math.Max(w.Recency, Math.Max(w.Importance, w.Relevance));
            for (var i = 0; i < fadings.Length && greatest > 0; i++)
            {
                var importance = view.Items[i].Importance;
                var exact = Ranking.Score(w, recency.Of(recencies[i]), packed.Importance.Of(importance), relevance.Of(relevances[i]));
                score.Of(fadings[i], importance, relevances[i]).ShouldBe(exact / greatest, score.Error);
            }
        }
    }

    [Fact]
    public void Most_recalls_need_no_plain_ranking()
    {
        // The settings of a run, and memories of every kind that it has: the approximation must serve there.
        var view = View(i => Some.Epoch.AddHours(i), 0.995);
        var packed = Packed(view);
        var recency = RecencyScale.Of(packed, 0.995, view.At.Ticks);
        ApproximateScore
            .For(view.Settings, recency, packed.Importance, new Scale(-0.1, 0.9), packed.Fading.Until(view.At.Ticks))!
            .Value.Error.ShouldBeLessThan(1e-11);
    }

    [Fact]
    public void A_chunk_that_forgets_is_joined_with_its_neighbour()
    {
        var view = View(i => Some.Epoch.AddHours(i), 0.995, memories: 3 * MemoryChunk.Capacity);
        var packed = Packed(view);
        packed.Chunks.Count.ShouldBe(3);
        packed.Update(view with { Items = [.. view.Items.Where((_, i) => i % 4 == 0)] }).ShouldBeTrue();
        packed.Chunks.Single().Count.ShouldBe(3 * MemoryChunk.Capacity / 4);
    }

    private static Scale Over(double[] values) => values.Aggregate(Scale.Empty, (all, one) => all.Including(one));

    private static PackedMemories Packed(MemoryView view)
    {
        var packed = new PackedMemories(3);
        packed.Update(view).ShouldBeTrue();
        return packed;
    }

    private static MemoryView View(Func<int, DateTime> used, double decay, int memories = 600) =>
        new(
            "kept-1",
            Some.Memory with
            {
                Decay = decay,
            },
            [
                .. Enumerable
                    .Range(1, memories)
                    .Select(i => new MemoryItem(MemoryId.OfCycle(i), "x", i % 7, used(i), new Faculties.Embedding([1, (sbyte)(i % 5), 2]))),
            ],
            Some.Epoch.AddHours(memories)
        );
}
