using System.Collections.Immutable;
using AiMe.EventSourcing;
using AiMe.Faculties;
using AiMe.Faculties.Curation;
using AiMe.Faculties.Supervisor;
using AiMe.Simulation.Machine;

namespace AiMe.Simulation;

/// <summary>The scenario of one seed: a run in a scripted world, and its faults.</summary>
/// <param name="Course">
/// Number of the run and its world. Many seeds share one, so that the undisturbed run is computed once.
/// </param>
/// <param name="World">The answers of models and trainers.</param>
/// <param name="Chance">Seed of every draw of the machine.</param>
/// <param name="Faults">The machine's faults.</param>
/// <param name="Crashes">Greatest number of crashes.</param>
/// <param name="Fickle">
/// Whether the same call may fail once and succeed once; then the undisturbed run is not used for comparison.
/// </param>
/// <param name="Bugs">Probability that an effect throws because of a simulated bug.</param>
/// <param name="Visits">Unplanned inputs, and their withdrawals.</param>
/// <param name="Branch">A fork that is created when the run has ended, or null.</param>
internal sealed record Scenario(
    long Seed,
    int Course,
    RunPlan Plan,
    ScriptedWorld World,
    Seed Chance,
    SimulatedFaults Faults,
    int Crashes,
    bool Fickle,
    double Bugs,
    HostVariation Hosting,
    ImmutableArray<SimulatedInput> Visits,
    PlannedFork? Branch
)
{
    /// <summary>Number of runs and worlds that seeds choose from.</summary>
    public const int Courses = 64;

    /// <summary>Whether the digest must equal that of the undisturbed run.</summary>
    /// <remarks>
    /// This holds if there are only crashes, delays, and failures that the undisturbed run has too. A job that is lost
    /// in transit changes the result, and so does the time of reviews for which a round does not wait.
    /// </remarks>
    public bool HasReference =>
        !Fickle
        && Visits.IsEmpty
        && Plan.Variants.All(v => v.Trainer.Backend is null && Review.In(v.Curate)?.Terms.OnOpen != OnOpen.LeaveOut);

    /// <summary>Whether people decide on a part of the experiences.</summary>
    public bool HasReviews => Plan.Variants.Any(v => Review.In(v.Curate) is not null);

    /// <summary>The scenario of a seed.</summary>
    public static Scenario Of(long seed, SimulationOptions options)
    {
        var dice = new Dice(new Seed((ulong)seed).Derive("scenario"));
        var course = dice.Below(Courses);
        var faultless = dice.Chance(0.05);
        var faults = faultless
            ? SimulatedFaults.None
            : new SimulatedFaults
            {
                Slow = Choose(dice, 0.1, 0.4, 0.8),
                Slowness = TimeSpan.FromMilliseconds(Choose(dice, 1, 20, 500)),
                Duplicate = Choose(dice, 0, 0.05, 0.3),
                TimerFirst = Choose(dice, 0, 0.02, 0.2),
                StoreFails = Choose(dice, 0, 0, 0.004),
                SnapshotDamaged = Choose(dice, 0, 0, 0.2),
                ClockJumps = Choose(dice, 0, 0, 0.002),
                Crash = Choose(dice, 0.0004, 0.0016, 0.016),
            };
        var crashes = faultless ? 0 : dice.Below(7);
        var fickle = !faultless && dice.Chance(0.15);
        var bugs = faultless ? 0 : Choose(dice, 0, 0, 0.01);
        var (plan, world) = SimulatedCourse.Of(course, options);
        var (hosting, visits) = (HostVariation.Draw(dice, faults.Slowness), dice.Chance(0.25) ? SimulatedInput.Draw(dice, plan) : []);
        var branch = dice.Chance(0.2) ? new PlannedFork(dice.Below(1000) / 1000.0, dice.Chance(0.5)) : null;
        if (!faultless && dice.Chance(0.15))
            faults = faults with { Lost = Choose(dice, 0.02, 0.1, 0.3), Moves = Choose(dice, 0, 0.0005, 0.002) };
        return new Scenario(
            seed,
            course,
            plan,
            world,
            new Seed((ulong)seed).Derive("machine"),
            faults,
            crashes,
            fickle,
            bugs,
            hosting,
            visits,
            branch
        );
    }

    /// <summary>The same run without faults.</summary>
    public static Scenario Undisturbed(int course, SimulationOptions options)
    {
        var (plan, world) = SimulatedCourse.Of(course, options);
        return new Scenario(
            0,
            course,
            plan,
            world,
            new Seed(0),
            SimulatedFaults.None,
            0,
            Fickle: false,
            0,
            new HostVariation(0, EndsGently: false, TimeSpan.FromSeconds(30)),
            [],
            null
        );
    }

    private static T Choose<T>(Dice dice, params ReadOnlySpan<T> among) => among[dice.Below(among.Length)];
}

/// <summary>Settings of the host that vary between seeds.</summary>
internal sealed record HostVariation(int SnapshotEvery, bool EndsGently, TimeSpan PassivateAfter)
{
    /// <summary>Draws the settings.</summary>
    public static HostVariation Draw(Dice dice, TimeSpan slowness)
    {
        ReadOnlySpan<int> every = [0, 2, 5, 11];
        return new(every[dice.Below(4)], dice.Below(3) == 0, dice.Chance(0.3) ? slowness * 2 : TimeSpan.FromSeconds(30));
    }
}

/// <summary>An unplanned input.</summary>
/// <param name="Step">The first step of the machine at which it arrives.</param>
/// <param name="TakenBack">Number of steps after which it is withdrawn, or null.</param>
internal sealed record SimulatedInput(int Step, string Instance, string Arrival, Input Input, int? TakenBack)
{
    /// <summary>Draws inputs.</summary>
    public static ImmutableArray<SimulatedInput> Draw(Dice dice, RunPlan plan)
    {
        string[] instances = [.. plan.Instances.Select(i => RunPlan.NameOf(i.Variant, i.Replicate))];
        return
        [
            .. Enumerable
                .Range(1, 1 + dice.Below(4))
                .Select(n => new SimulatedInput(
                    dice.Below(6000),
                    instances[dice.Below(instances.Length)],
                    $"visit-{n}",
                    InputOf(dice, n),
                    dice.Chance(0.25) ? dice.Below(300) : null
                )),
        ];
    }

    private static Input InputOf(Dice dice, int n) =>
        dice.Below(4) switch
        {
            0 => new Input.RoundEnd(),
            1 => new Input.Told($"Where were you on day {n}?", "home", new Given("At home.", dice.Chance(0.5) ? "I rested." : null), null),
            _ => new Input.Said($"Are you there, for the {n}. time?", "talk"),
        };
}
