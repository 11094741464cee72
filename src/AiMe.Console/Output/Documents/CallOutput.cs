using AiMe.Faculties.Supervisor;
using AiMe.Lab.History;

namespace AiMe.Console.Output.Documents;

/// <summary>The calls of one kind to a model or a trainer.</summary>
/// <param name="Kind">What was called for.</param>
/// <param name="Succeeded">Calls with a result.</param>
/// <param name="Failed">Calls without a result, each repetition counted.</param>
/// <param name="Missing">Results that an instance continued without.</param>
/// <param name="Warning">Whether more than 5% of the calls failed.</param>
/// <param name="NeverSucceeded">Whether every call failed.</param>
internal sealed record CallOutput(CallKind Kind, int Succeeded, int Failed, int Missing, bool Warning, bool NeverSucceeded)
{
    /// <summary>The kinds with calls, in the order of the loop.</summary>
    public static IReadOnlyList<CallOutput> Of(CallTally calls) =>
        [
            .. calls.Kinds.Select(k => new CallOutput(
                k.Kind,
                k.Count.Succeeded,
                k.Count.Failed,
                k.Count.Missing,
                k.Count.IsConcerning,
                k.Count.NeverSucceeded
            )),
        ];
}

/// <summary>What a server said of itself during the run.</summary>
/// <param name="Model">The model that was asked for.</param>
/// <param name="Echo">The model that its answers name; empty for none.</param>
/// <param name="Fingerprint">Its <c>system_fingerprint</c>; empty for none.</param>
/// <param name="Engine">Version of the server's program; empty if it is not told.</param>
internal sealed record ServerOutput(string Model, string Echo, string Fingerprint, string Engine)
{
    /// <summary>Null if the servers said nothing.</summary>
    public static IReadOnlyList<ServerOutput>? Of(IEnumerable<ServerIdentified> servers) =>
        servers.Select(s => new ServerOutput(s.Model, s.Echo, s.Fingerprint, s.Engine)).ToList() is { Count: > 0 } told ? told : null;
}

/// <summary>An optional parameter that the model's server refused.</summary>
/// <param name="Parameter">Its name in <c>model.leave-out</c>.</param>
/// <param name="Instead">What is sent in its place; empty if nothing is.</param>
/// <param name="Meaning">What the server said, and what is not known without the parameter.</param>
internal sealed record LeftOutOutput(string Parameter, string Instead, string Meaning)
{
    public static IReadOnlyList<LeftOutOutput> Of(IEnumerable<ParameterLeftOut> left) =>
        [.. CallWords.InForce(left).Select(l => new LeftOutOutput(l.Parameter, l.Instead, CallWords.Of(l)))];
}

/// <summary>Searches of memories that the run's vector store did not answer.</summary>
/// <param name="Store">The kind of store.</param>
/// <param name="Kind"><c>unanswered</c> if it was down or slow, <c>refused</c> if it refused them.</param>
/// <param name="Searches">Their number, each repetition counted; of a process that was killed, at least half of it.</param>
/// <param name="Scanned">Whether the embedded scan answered them; else they were repeated.</param>
/// <param name="Meaning">What the store said last, and what to do.</param>
internal sealed record IndexFailureOutput(string Store, string Kind, int Searches, bool Scanned, string Meaning)
{
    /// <summary>Null if there were none.</summary>
    public static IReadOnlyList<IndexFailureOutput>? Of(RunPlan plan, IEnumerable<IndexFailed> failures) =>
        IndexWords
            .Sum(failures)
            .Select(f => new IndexFailureOutput(f.Store, f.Kind, f.Searches, plan.Index?.Waits != true, f.Words))
            .ToList()
            is { Count: > 0 } told
            ? told
            : null;
}
