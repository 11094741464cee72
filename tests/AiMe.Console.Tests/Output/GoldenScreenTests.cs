using System.Collections.Immutable;
using AiMe.Console.Output;
using AiMe.Console.Output.Documents;
using AiMe.EventSourcing;
using AiMe.Faculties;
using AiMe.Faculties.Memory;
using AiMe.Faculties.Self;
using AiMe.Faculties.Supervisor;
using AiMe.Journal;
using AiMe.Lab.History;
using AiMe.Lab.Runs;
using AiMe.Lab.Tests.Analysis.Comparison;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace AiMe.Console.Tests.Output;

public sealed class GoldenScreenTests
{
    private static readonly DateTimeOffset Noon = new(2026, 1, 1, 12, 0, 0, TimeSpan.Zero);
    private static readonly RunPlan Plan = Lives.Plan(2, Lives.Variant("wild"), Lives.Variant("still", train: false));

    public static TheoryData<string, int> Pages =>
        new()
        {
            { "status", 80 },
            { "status", 160 },
            { "list", 80 },
            { "list", 160 },
            { "run", 80 },
            { "run", 160 },
            { "instance", 80 },
            { "instance", 160 },
        };

    [Theory, MemberData(nameof(Pages))]
    public void A_page_is_as_it_was(string page, int width) => Screens.ShouldBeGolden(Screens.Of(PageOf(page), width), $"{page}-{width}");

    [Theory, MemberData(nameof(Pages))]
    public void No_line_is_wider_than_the_terminal(string page, int width) =>
        Screens.Of(PageOf(page), width).Split('\n').ShouldAllBe(l => l.Length <= width);

    [Theory, MemberData(nameof(Pages))]
    public void Without_unicode_it_is_plain_ascii(string page, int width) =>
        Screens.Of(PageOf(page), width, unicode: false).ShouldAllBe(c => c <= '~');

    [Fact]
    public void A_silent_owner_is_told_from_one_whose_heart_beats() =>
        RunWords
            .InOneLine(Status(Noon - TimeSpan.FromMinutes(1)))
            .ShouldBe("process 42 on alpha holds it, but its last heartbeat was 60 s ago: suspended, or waiting for its disk");

    [Fact]
    public void An_instance_with_more_generations_than_the_plan_has_is_not_said_to_be_past_its_end() =>
        InstanceView
            .Standing(Instance with { Instance = Instance.Instance with { Generation = Plan.Rounds + 1 } })
            .ShouldEndWith($"generation {Plan.Rounds + 1}");

    [Fact]
    public void A_champion_made_by_hand_is_marked_in_the_list()
    {
        var rows = Rows.Select(r => r with { Glance = r.Glance! with { IsByHand = r.Instance.Name == "wild-1" } }).ToArray();
        Screens.Of(c => ListView.Of(c, [(Status(Noon), rows)]), 80).Split("by hand").Length.ShouldBe(2);
    }

    [Fact]
    public void Before_the_pace_is_known_what_is_left_is_not_known_yet() =>
        Screens
            .Of(
                c => StatusView.Of(c, [Status(Noon) with { Pace = new Throughput(3, TimeSpan.FromSeconds(2), null) }], instances: false),
                80
            )
            .ShouldContain("remaining time: not known yet");

    internal static StatusOutput StatusOfRun => StatusOutput.Of(new DirectoryAddress("/store"), [Status(Noon - TimeSpan.FromSeconds(2))]);

    internal static ListOutput List => ListOutput.Of(Rows[0]);

    internal static ShowRunOutput ShowRun => ShowRunOutput.Of(Status(Noon), Rows);

    internal static ShowInstanceOutput Show => ShowInstanceOutput.Of(Instance);

    [Theory]
    [InlineData(0, 14, "none yet, running for 14 s")]
    [InlineData(0, 900, "none yet, running for 15 min")]
    [InlineData(3, 14, "none since it was resumed 14 s ago")]
    [InlineData(3, 900, "none in the last 5 min")]
    public void A_run_without_a_recent_experience_is_not_said_to_have_had_more_time_than_it_had(int stored, int seconds, string said)
    {
        var status = Status(Noon);
        var run = status with
        {
            Instances = [.. status.Instances.Select(i => i with { Cycle = stored, OnPlan = stored })],
            Since = Noon - TimeSpan.FromSeconds(seconds),
            Pace = new Throughput(0, TimeSpan.Zero, null),
        };
        Screens.Of(c => StatusView.Of(c, [run], instances: false), 160).ShouldContain(said);
    }

    private static Func<IAnsiConsole, IRenderable> PageOf(string page) =>
        page switch
        {
            "status" => c => StatusView.Of(c, [Status(Noon - TimeSpan.FromSeconds(2))], instances: true),
            "list" => c => ListView.Of(c, [(Status(Noon), Rows)]),
            "run" => c => RunView.Of(c, Status(Noon), Rows),
            _ => c => InstanceView.Of(c, Instance),
        };

    private static RunStatus Status(DateTimeOffset heartbeat) =>
        new(
            Run,
            [
                new("wild-1", "wild", 1, InstanceState.Living, 6, 5, 1, Waiting: 1),
                new("still-1", "still", 1, InstanceState.Living, 4, 4, 1),
                new("wild-2", "wild", 2, InstanceState.Parked, 2, 2, 0, "no answer in 3 attempts: the provider answers 500"),
                new("still-2", "still", 2, InstanceState.Living, 0, 0, -1),
            ],
            new Holder(new Owner(Plan.Run, 1, new OwnerInfo("alpha", 42, "s", new WriterId("w")), heartbeat), IsAlive: true)
            {
                Silence = Noon - heartbeat,
            },
            Noon - TimeSpan.FromMinutes(4),
            Noon,
            new Throughput(1100, TimeSpan.FromSeconds(90), (TimeSpan.FromSeconds(70), TimeSpan.FromSeconds(200))),
            Letters: 1,
            Noon
        );

    private static SupervisorState Run => SupervisorDecider.Evolve(SupervisorDecider.Initial, new RunPlanned(Plan));

    private static ImmutableArray<ListRow> Rows =>
        [
            .. ListRow.Of(Status(Noon), instance =>
                instance.Generation < 0
                    ? InstanceOverview.Unborn
                    : new InstanceOverview(
                        instance.Generation,
                        new ModelId(new string('b', 64)),
                        0.0123,
                        0.045,
                        1.234,
                        "I am new. I see that short answers are my best answers.",
                        instance.Cycle,
                        instance.Cycle / 2
                    )
            ),
        ];

    private static InstancePage Instance
    {
        get
        {
            var status = Status(Noon);
            var self = SelfDecider.Initial with { Model = new ModelId("base"), SelfModel = "I am new. I like rain." };
            Stored stored = new(
                "Do you like rain?",
                "I like rain.",
                "This is honest.",
                new DateTime(2026, 1, 1, 0, 1, 0, DateTimeKind.Utc),
                MemoryId.OfCycle(1),
                1,
                1,
                "rain",
                Internal: false,
                [],
                Scores.Undefined,
                0.5,
                3,
                Verdict.Reject,
                ["dedupe: closest kept answer at 1.00, limit 0.90"],
                new ModelId("base"),
                new Prompt([]),
                new Embedding([0, 0]),
                Heads.None
            );
            return new InstancePage(
                status,
                status.Instances[0],
                self,
                Plan.Variants[0],
                [
                    new(0, RoundOutcome.Born, new ModelId("base"), null, null, 0, 0, 2, ""),
                    new(
                        1,
                        RoundOutcome.RolledBack,
                        new ModelId("base"),
                        new ModelId("base"),
                        new ModelId(new string('c', 64)),
                        0.01,
                        0.05,
                        2.1,
                        "held-out cross-entropy rose by 9.0%, at most 5.0% is allowed"
                    ),
                ],
                [new(0, "I am new.", null), new(4, "I am new. I like rain.", MemoryId.OfInsight(1))],
                [new Insight(MemoryId.OfInsight(1), "I like rain.", [MemoryId.OfCycle(1), MemoryId.OfCycle(3)])],
                [stored]
            );
        }
    }
}
