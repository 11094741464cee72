using System.Collections.Concurrent;
using System.Collections.Immutable;

namespace AiMe.Simulation;

/// <summary>Tries seeds, each independently on one thread, many in parallel.</summary>
/// <param name="options">Options of the simulation.</param>
public sealed class Simulator(SimulationOptions options)
{
    private readonly ConcurrentDictionary<int, Lazy<string>> _undisturbed = new();

    /// <summary>Tries seeds until one breaks an invariant.</summary>
    /// <param name="first">The first seed, 0 or more.</param>
    /// <param name="count">Number of seeds, at least 1.</param>
    /// <param name="parallel">Number of seeds in parallel, at least 1; it changes no result.</param>
    /// <param name="progress">Called with the report after each seed, from many threads.</param>
    /// <param name="cancellationToken">Ends the search after the running seeds.</param>
    /// <returns>
    /// The report. It has the violation of the lowest seed with one; unless the search was cancelled, every seed below
    /// it was tried.
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

    /// <summary>Tries one seed again and records its schedule, up to the first violation.</summary>
    /// <returns>The schedule, line by line, and the violation.</returns>
    /// <param name="broken">The invariant that it breaks, if known.</param>
    public (ImmutableArray<string> Schedule, Violation? Violation) Record(long seed, Invariant? broken = null)
    {
        var result = Try(seed, record: true, broken);
        return ([.. result.Schedule.Select(line => line.ToString())], result.Violation);
    }

    /// <param name="record">Whether the schedule is kept; it changes no result.</param>
    /// <param name="watching">An invariant that is checked after every row, or null.</param>
    internal SimulationResult Try(long seed, bool record, Invariant? watching = null)
    {
        SynchronizationContext.SetSynchronizationContext(null); // otherwise it would run continuations before the simulated thread does
        var scenario = Scenario.Of(seed, options);
        var reference = scenario.HasReference
            ? _undisturbed.GetOrAdd(scenario.Course, course => new Lazy<string>(() => Undisturbed(course))).Value
            : null;
        return new SimulationRun(scenario, options, reference, record, watching).Run();
    }

    // Without a planted mistake: the reference is the correct run.
    private string Undisturbed(int course)
    {
        var right = options with { Mistake = null };
        var result = new SimulationRun(Scenario.Undisturbed(course, right), right, reference: null, record: false).Run();
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

        // Lower seeds than a failed one are still tried, so that the reported seed is always the same.
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

/// <summary>The report of a search.</summary>
/// <param name="First">The first seed.</param>
/// <param name="Tried">Number of seeds tried.</param>
/// <param name="Steps">Steps of all machines.</param>
/// <param name="Crashes">Crashes of all processes.</param>
/// <param name="Experiences">Stored experiences.</param>
/// <param name="Order">
/// A digest of the order of everything that happened, independent of the order of seeds: any process of the same build
/// gives the same.
/// </param>
/// <param name="Seed">The lowest seed that broke an invariant, or null.</param>
/// <param name="Violation">Its violation, or null.</param>
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
