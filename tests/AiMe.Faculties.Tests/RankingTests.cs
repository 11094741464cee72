using System.Collections.Immutable;
using AiMe.Faculties.Memory;
using FsCheck;
using FsCheck.Fluent;

namespace AiMe.Faculties.Tests;

public sealed class RankingTests
{
    private static readonly MemorySettings Even = Some.Memory with { Recall = 3 };

    [Fact]
    public void Each_part_is_scaled_to_the_unit_over_what_can_be_recalled()
    {
        var hits = Best(
            Even,
            Item(1, importance: 1, degrees: 0),
            Item(2, importance: 4, degrees: 60),
            Item(3, importance: 10, degrees: 90)
        );
        hits.Select(h => (h.Importance, Math.Round(h.Relevance, 1))).Order().ShouldBe([(0, 1), (1.0 / 3, 0.5), (1, 0)]);
        hits.Select(h => h.Recency).Max().ShouldBe(1);
        hits.Select(h => h.Recency).Min().ShouldBe(0);
    }

    [Fact]
    public void A_part_in_which_all_are_equal_does_not_discriminate() =>
        Best(Even, Item(1, degrees: 7), Item(2, degrees: 7)).ShouldAllBe(h => h.Relevance == 0 && h.Importance == 0);

    [Fact]
    public void Ties_go_to_the_newer_memory() =>
        Best(Even with { Recency = 0 }, Item(1), Item(2), Item(3)).Select(h => h.Id.Value).ShouldBe(["e3", "e2", "e1"]);

    [Theory]
    [InlineData(1, 0, 0, "e3")]
    [InlineData(0, 1, 0, "e2")]
    [InlineData(0, 0, 1, "e1")]
    public void The_weights_decide(double recency, double importance, double relevance, string best) =>
        Best(
            Even with
            {
                Recency = recency,
                Importance = importance,
                Relevance = relevance,
            },
            Item(1, 1, 0),
            Item(2, 9, 50),
            Item(3, 2, 90)
        )[0]
            .Id.Value.ShouldBe(best);

    [Fact]
    public void No_more_is_recalled_than_asked_for() => Best(Even with { Recall = 1 }, Item(1), Item(2)).Length.ShouldBe(1);

    [Fact]
    public void Nothing_is_recalled_from_nothing_or_when_nothing_is_asked_for()
    {
        Best(Even).ShouldBeEmpty();
        Best(Even with { Recall = 0 }, Item(1)).ShouldBeEmpty();
    }

    [Fact]
    public void A_memory_without_direction_is_not_relevant() =>
        Best(Even, Item(1) with { Embedding = Embedding.From([0f, 0f]) }, Item(2, degrees: 10))
            .Single(h => h.Id.Value == "e1")
            .Relevance.ShouldBe(0);

    [Fact]
    public void Recency_decays_by_logical_hours_and_never_exceeds_1()
    {
        Ranking.Recency(Item(1), Even, Some.At(1).AddHours(1)).ShouldBe(0.995, 1e-12);
        Ranking.Recency(Item(1), Even, Some.At(0)).ShouldBe(1);
    }

    [Fact]
    public void Every_score_is_the_weighted_sum_of_its_parts_best_first() =>
        Prop.ForAll(Items.ToArbitrary(), items =>
            {
                var hits = Best(Even with { Recency = 0.5, Importance = 2, Recall = 5 }, items);
                return hits.All(h =>
                        h.Score == 0.5 * h.Recency + 2 * h.Importance + h.Relevance
                        && h.Recency is >= 0 and <= 1
                        && h.Importance is >= 0 and <= 1
                        && h.Relevance is >= 0 and <= 1
                    )
                    && hits.Zip(hits.Skip(1)).All(p => p.First.Score >= p.Second.Score)
                    && hits.Length == Math.Min(5, items.Length);
            })
            .QuickCheckThrowOnFailure();

    [Fact]
    public void Forgetting_leaves_room_for_what_comes_in_and_takes_no_more() =>
        Prop.ForAll(Items.ToArbitrary(), Gen.Choose(0, 2).ToArbitrary(), Gen.Choose(2, 8).ToArbitrary(), (items, incoming, capacity) =>
                Enum.GetValues<ForgetPolicy>()
                    .All(forget =>
                    {
                        var gone = Forgetting.Surplus(
                            [.. items],
                            incoming,
                            Even with
                            {
                                Capacity = capacity,
                                Forget = forget,
                            },
                            Some.At(50)
                        );
                        var left = items.Length - gone.Length + incoming;
                        return left <= capacity && (gone.IsEmpty || left == capacity) && gone.Distinct().Count() == gone.Length;
                    })
            )
            .QuickCheckThrowOnFailure();

    [Fact]
    public void The_oldest_or_the_weakest_goes_and_ties_to_the_oldest()
    {
        ImmutableArray<MemoryItem> items = [Item(1, 5), Item(2, 1), Item(3, 1) with { Used = Some.At(2) }];
        Forgetting.Surplus(items, 1, Even with { Capacity = 3, Forget = ForgetPolicy.Oldest }, Some.At(9)).ShouldBe([MemoryId.OfCycle(1)]);
        Forgetting.Surplus(items, 1, Even with { Capacity = 3, Forget = ForgetPolicy.Weakest }, Some.At(9)).ShouldBe([MemoryId.OfCycle(2)]);
    }

    [Fact]
    public void The_cosine_of_rounded_directions_is_exact_arithmetic()
    {
        Some.Pointing(0).Cosine(Some.Pointing(0)).ShouldBe(1);
        Some.Pointing(0).Cosine(Some.Pointing(90)).ShouldBe(0);
        Some.Pointing(0).Cosine(Some.Pointing(180)).ShouldBe(-1);
        double.IsNaN(Some.Pointing(0).Cosine(Embedding.From([0f, 0f]))).ShouldBeTrue();
        Should.Throw<ArgumentException>(() => Some.Pointing(0).Cosine(Embedding.From([1f])));
        Embedding.From([2f, -1f]).ShouldBe(Embedding.From([4f, -2f]), "directions are compared by value and have no length");
        Embedding.From([2f, -1f]).GetHashCode().ShouldBe(Embedding.From([4f, -2f]).GetHashCode());
    }

    private static Gen<MemoryItem[]> Items { get; } =
        Gen.Choose(0, 12)
            .SelectMany(n =>
                Gen.ArrayOf(from importance in Gen.Choose(1, 10) from degrees in Gen.Choose(0, 360) select (importance, degrees), n)
                    .Select(pairs => pairs.Select((p, i) => Item(i + 1, p.importance, p.degrees)).ToArray())
            );

    private static MemoryItem Item(int cycle, double importance = 3, int degrees = 0) =>
        new(MemoryId.OfCycle(cycle), $"text {cycle}", importance, Some.At(cycle), Some.Pointing(degrees));

    private static ImmutableArray<Hit> Best(MemorySettings settings, params MemoryItem[] items) =>
        Ranking.Best(new MemoryView("kept-1", settings, [.. items], Some.At(20)), Some.Pointing(0));

    [Theory]
    [InlineData(1)]
    [InlineData(15)]
    [InlineData(16)]
    [InlineData(17)]
    [InlineData(256)]
    [InlineData(3072)]
    public void The_cosine_is_that_of_plain_sums_at_any_length_and_for_every_byte(int length)
    {
        var random = new Random(length);
        var (a, b) = (new sbyte[length], new sbyte[length]);
        random.NextBytes(System.Runtime.InteropServices.MemoryMarshal.AsBytes(a.AsSpan()));
        random.NextBytes(System.Runtime.InteropServices.MemoryMarshal.AsBytes(b.AsSpan()));
        (a[0], b[0]) = (sbyte.MinValue, sbyte.MinValue);

        long Dot(sbyte[] x, sbyte[] y) => x.Zip(y, (p, q) => (long)p * q).Sum();
        new Embedding([.. a]).Cosine(new Embedding([.. b])).ShouldBe(Dot(a, b) / (Math.Sqrt(Dot(a, a)) * Math.Sqrt(Dot(b, b))));
    }
}
