using AiMe.Lab.Verification;

namespace AiMe.Console.Output.Documents;

/// <summary>The result of a verification.</summary>
/// <param name="Holds">Whether nothing diverges.</param>
/// <param name="Store">The store, as in messages.</param>
/// <param name="Run">The verified run; null for the whole store.</param>
/// <param name="Instance">The verified instance; null for all.</param>
/// <param name="Checked">How much was checked.</param>
/// <param name="Owners">Processes that were writing meanwhile.</param>
/// <param name="Foreign">Streams that are not AiMe's.</param>
/// <param name="Divergences">Differences between the store and what was written.</param>
/// <param name="Runs">In ordinal order.</param>
/// <param name="Instances">In ordinal order of run and instance.</param>
internal sealed record VerifyOutput(
    bool Holds,
    string Store,
    string? Run,
    string? Instance,
    VerificationCounts Checked,
    IReadOnlyList<string> Owners,
    IReadOnlyList<string> Foreign,
    IReadOnlyList<Divergence> Divergences,
    IReadOnlyList<RunCoverage> Runs,
    IReadOnlyList<VerifiedInstance> Instances
) : OutputDocument
{
    public static VerifyOutput Of(string store, string? run, string? instance, VerificationReport found) =>
        new(
            found.Holds,
            store,
            run,
            instance,
            found.Counts,
            found.Owners,
            found.Foreign,
            found.Divergences,
            found.Runs,
            [.. found.Instances.Select(i => new VerifiedInstance(i.Run, i.Instance, i.IsKnown, i.Events, i.Covered, i.Beyond))]
        );
}

/// <summary>How much of an instance is covered by anchors outside itself.</summary>
/// <param name="Run">Id of the run.</param>
/// <param name="Instance">Name of the instance.</param>
/// <param name="Known">Whether its run knows it.</param>
/// <param name="Events">Events in its five streams.</param>
/// <param name="Covered">Events up to the last anchor.</param>
/// <param name="Beyond">Events after it. Cutting off the last of these would not be detected.</param>
internal sealed record VerifiedInstance(string Run, string Instance, bool Known, long Events, long Covered, long Beyond);
