using System.Collections.Concurrent;
using System.Collections.Immutable;

namespace AiMe.Simulation;

/// <summary>Tries seeds, each by itself on one thread, many at once.</summary>
/// <param name="options">What is simulated.</param>
public sealed class Simulator(SimulationOptions options)
{
    private readonly ConcurrentDictionary<int, Lazy<string>> _undisturbed = new();

    /// <summary>Tries seeds until one breaks an invariant.</summary>
    /// <param name="first">The first seed, 0 or more.</param>
    /// <param name="count">How many seeds, 1 or more.</param>
    /// <param name="parallel">Seeds at once, 1 or more; it changes no result.</param>
    /// <param name="progress">Told of what was tried so far after each seed, from many threads.</param>
    /// <param name="cancellationToken">Ends it after the seeds in hand.</param>
    /// <returns>
    /// What was tried. With a violation: the lowest seed that has one, and unless it was cancelled every seed below it
    /// was tried.
    /// </returns>
    public async Task<SimulationReport> SearchAsync(
        long first,
        long count,
        int parallel,
        Action<SimulationReport> progress,
        CancellationToken cancellationToken
    )
    {
        var search = new SeedSearch(this, first, count, progress);
        await Task.WhenAll(
            Enumerable.Range(0, parallel).Select(_ => Task.Run(() => search.Work(cancellationToken), CancellationToken.None))
        );
        return search.Report();
    }

    /// <summary>Tries one seed again and keeps its schedule, up to where an invariant breaks first.</summary>
    /// <returns>The schedule, line by line, and what it broke.</returns>
    /// <param name="broken">What it breaks, as far as is known.</param>
    public (ImmutableArray<string> Schedule, Violation? Violation) Record(long seed, Invariant? broken = null)
    {
        var result = Try(seed, record: true, broken);
        return ([.. result.Schedule.Select(line => line.ToString())], result.Violation);
    }

    /// <param name="record">Whether the schedule is kept; it changes nothing else.</param>
    /// <param name="watching">An invariant that is looked at after every row, or null.</param>
    internal SimulationResult Try(long seed, bool record, Invariant? watching = null)
    {
        SynchronizationContext.SetSynchronizationContext(null); // it would take what awaits before the simulated scheduler does
        var scenario = Scenario.Of(seed, options);
        var measure = scenario.HasMeasure
            ? _undisturbed.GetOrAdd(scenario.Course, course => new Lazy<string>(() => Undisturbed(course))).Value
            : null;
        return new SimulationRun(scenario, options, measure, record, watching).Run();
    }

    // Without the mistake, where one is planted: the measure is the right run.
    private string Undisturbed(int course)
    {
        var right = options with { Mistake = null };
        var result = new SimulationRun(Scenario.Undisturbed(course, right), right, measure: null, record: false).Run();
        return result.Violation is null
            ? result.Digest!
            : throw new InvalidOperationException(
                $"The undisturbed run {course} breaks '{result.Violation.Invariant.Name}': {result.Violation.How}."
            );
    }

    private sealed class SeedSearch(Simulator simulator, long first, long count, Action<SimulationReport> progress)
    {
        private readonly Lock _gate = new();
        private long _next = first;
        private long _end = first + count;
        private SimulationReport _report = new(first, 0, 0, 0, 0, 0, null, null);

        public SimulationReport Report()
        {
            lock (_gate)
                return _report;
        }

        public void Work(CancellationToken cancellationToken)
        {
            while (!cancellationToken.IsCancellationRequested && Take() is { } seed)
                progress(Note(simulator.Try(seed, record: false)));
        }

        private long? Take()
        {
            lock (_gate)
                return _next < _end ? _next++ : null;
        }

        // Seeds below one that fails are still tried, so that the one that is told is always the same.
        private SimulationReport Note(SimulationResult result)
        {
            lock (_gate)
            {
                _report = _report with
                {
                    Tried = _report.Tried + 1,
                    Steps = _report.Steps + result.Steps,
                    Crashes = _report.Crashes + result.Crashes,
                    Experiences = _report.Experiences + result.Experiences,
                    Order = _report.Order + result.Order * (2 * (ulong)result.Scenario.Seed + 1),
                };
                if (result.Violation is { } violation && (_report.Seed is not { } lowest || result.Scenario.Seed < lowest))
                {
                    _end = Math.Min(_end, result.Scenario.Seed);
                    _report = _report with { Seed = result.Scenario.Seed, Violation = violation };
                }

                return _report;
            }
        }
    }
}

/// <summary>What was tried.</summary>
/// <param name="First">The first seed.</param>
/// <param name="Tried">Seeds tried.</param>
/// <param name="Steps">Of their machines together.</param>
/// <param name="Crashes">Of their processes.</param>
/// <param name="Experiences">Stored in their lives.</param>
/// <param name="Order">
/// A digest of the order of everything that happened, whichever seed was tried first: any process of the same build
/// gives the same.
/// </param>
/// <param name="Seed">The lowest seed that broke an invariant, or null.</param>
/// <param name="Violation">What it broke, or null.</param>
public sealed record SimulationReport(
    long First,
    long Tried,
    long Steps,
    long Crashes,
    long Experiences,
    ulong Order,
    long? Seed,
    Violation? Violation
);
