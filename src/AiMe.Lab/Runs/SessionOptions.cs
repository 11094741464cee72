using System.Collections.Immutable;
using AiMe.EventSourcing;
using AiMe.Faculties.Supervisor;
using AiMe.Lab.Runs.Indexes;
using AiMe.Lab.Runs.Spending;

namespace AiMe.Lab.Runs;

/// <summary>How a run is hosted.</summary>
/// <param name="Parallel">Threads for model work.</param>
/// <param name="Only">
/// The instances to run; null for all. The others stay as they are, and their pending work is found again later.
/// </param>
/// <param name="Revive">Whether parked instances, among those to run, try again.</param>
/// <param name="Shard">The shard of the run that is hosted, or null for all of it.</param>
/// <param name="Hosting">Creates the host; null for a plain actor system.</param>
/// <param name="Meter">Meters model calls; null for providers that are free.</param>
/// <param name="Budget">The run's new budget, over all shards; null to leave it unchanged.</param>
/// <param name="Refusals">Records what the model's server refuses; null for providers without a server.</param>
/// <param name="Index">The vector store of its memories; null for the embedded index.</param>
public sealed record SessionOptions(
    int Parallel,
    ImmutableHashSet<string>? Only = null,
    bool Revive = false,
    Shard? Shard = null,
    IRuntimeFactory? Hosting = null,
    UsageMeter? Meter = null,
    Budget? Budget = null,
    ServerRefusals? Refusals = null,
    RunIndex? Index = null
);
