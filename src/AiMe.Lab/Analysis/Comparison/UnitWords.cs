using AiMe.Faculties.Supervisor;

namespace AiMe.Lab.Analysis.Comparison;

/// <summary>What the independent units of a comparison are called.</summary>
public static class UnitWords
{
    /// <summary><c>replicate</c> or <c>charter</c>.</summary>
    public static string One(bool areCharters) => areCharters ? "charter" : "replicate";

    /// <inheritdoc cref="One(bool)"/>
    public static string One(RunPlan plan)
    {
        ArgumentNullException.ThrowIfNull(plan);
        return One(plan.Units.AreCharters);
    }

    /// <summary>How differences are paired: <c>replicate by replicate</c> or <c>charter by charter</c>.</summary>
    public static string Paired(RunPlan plan) => $"{One(plan)} by {One(plan)}";

    /// <summary>How many instances a variant has: <c>4 replicates</c> or <c>20 charters x 4 replicates</c>.</summary>
    public static string Size(RunPlan plan)
    {
        ArgumentNullException.ThrowIfNull(plan);
        var replicates = Sentence.Count(plan.ReplicatesOfCharter, "replicate", "replicates");
        return plan.Units.AreCharters ? $"{Sentence.Number(plan.Charters!.Value.Length)} charters x {replicates}" : replicates;
    }

    /// <summary><c>1 charter</c>, <c>20 replicates</c>.</summary>
    internal static string Count(int n, bool areCharters) => Sentence.Count(n, One(areCharters), $"{One(areCharters)}s");
}
