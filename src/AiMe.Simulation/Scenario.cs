using System.Collections.Immutable;
using AiMe.EventSourcing;
using AiMe.Faculties;
using AiMe.Faculties.Supervisor;
using AiMe.Simulation.Machine;

namespace AiMe.Simulation;

/// <summary>What one seed stands for: a run in a scripted world, and what befalls it.</summary>
/// <param name="Course">
/// Number of the run and its world. Many seeds share one, so that the undisturbed run is lived once and compared with
/// often.
/// </param>
/// <param name="World">What models and trainers answer.</param>
/// <param name="Chance">Of every draw of the machine.</param>
/// <param name="Faults">How the machine misbehaves.</param>
/// <param name="Crashes">Crashes at most.</param>
/// <param name="Fickle">
/// Whether the same call may fail once and succeed once: then the undisturbed run is no measure.
/// </param>
/// <param name="Bugs">Probability that an effect throws, as a bug does.</param>
/// <param name="Visits">What people give and take back beside the plan.</param>
/// <param name="Branch">A life that branches off when the run has ended, or null.</param>
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
    /// <summary>Runs and worlds that seeds choose from.</summary>
    public const int Courses = 64;

    /// <summary>
    /// Whether the digest must be that of the undisturbed run: what happens is crashes, delays, and failures that the
    /// undisturbed run meets too. A job that was lost on its way is a fact of its own.
    /// </summary>
    public bool HasMeasure => !Fickle && Visits.IsEmpty && Plan.Variants.All(v => v.Trainer.Backend is null);

    /// <summary>The scenario of a seed.</summary>
    public static Scenario Of(long seed, SimulationOptions options)
    {
        var dice = new Dice(new Seed((ulong)seed).Derive("scenario"));
        var course = dice.Below(Courses);
        var calm = dice.Chance(0.05);
        var faults = calm
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
        var crashes = calm ? 0 : dice.Below(7);
        var fickle = !calm && dice.Chance(0.15);
        var bugs = calm ? 0 : Choose(dice, 0, 0, 0.01);
        var (plan, world) = SimulatedCourse.Of(course, options);
        var (hosting, visits) = (HostVariation.Draw(dice, faults.Slowness), dice.Chance(0.25) ? SimulatedInput.Draw(dice, plan) : []);
        var branch = dice.Chance(0.2) ? new PlannedFork(dice.Below(1000) / 1000.0, dice.Chance(0.5)) : null;
        if (!calm && dice.Chance(0.15))
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

    /// <summary>The same run with nothing to disturb it.</summary>
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

/// <summary>How the runtime is set up.</summary>
internal sealed record HostVariation(int SnapshotEvery, bool EndsGently, TimeSpan PassivateAfter)
{
    /// <summary>Draws one.</summary>
    public static HostVariation Draw(Dice dice, TimeSpan slowness)
    {
        ReadOnlySpan<int> every = [0, 2, 5, 11];
        return new(every[dice.Below(4)], dice.Below(3) == 0, dice.Chance(0.3) ? slowness * 2 : TimeSpan.FromSeconds(30));
    }
}

/// <summary>Something that people do beside the plan.</summary>
/// <param name="Step">Not before the machine has taken so many steps.</param>
/// <param name="TakenBack">Steps after which it is taken back, or null.</param>
internal sealed record SimulatedInput(int Step, string Instance, string Arrival, Input Input, int? TakenBack)
{
    /// <summary>Draws some.</summary>
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
