using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using System.Text;
using AiMe.EventSourcing;
using AiMe.Faculties;
using AiMe.Faculties.Supervisor;
using AiMe.Faculties.Tests;
using AiMe.Faculties.Trainer;

namespace AiMe.Hosts;

/// <summary>The scripted run of the conformance suite, and what was recorded of it once, which never changes.</summary>
internal static class ScriptedRun
{
    /// <summary>Its id.</summary>
    public const string Run = "hosted-12345678";

    private static readonly string[] s_lines = File.ReadAllLines(Path.Combine(Path.GetDirectoryName(Here())!, "Golden", "run.txt"));

    /// <summary>The run's digest.</summary>
    public static string Digest => s_lines[0];

    /// <summary>Its rows, as <see cref="RowsAsync"/> gives them.</summary>
    public static ImmutableArray<string> Rows { get; } = [.. s_lines[1..]];

    /// <summary>The plan.</summary>
    public static Task<RunPlan> PlanAsync(IBlobs blobs) =>
        PlanAsync(blobs, Run, AiMe.Faculties.Tests.Plans.TwoVariants(replicates: 3, stimuli: 9, internalEvery: 3, every: 4));

    /// <summary>A plan of the script's, with real blobs.</summary>
    public static async Task<RunPlan> PlanAsync(IBlobs blobs, string run, RunPlan plan)
    {
        var (weights, corpus) = (
            await blobs.PutAsync("weights of generation 0"u8.ToArray(), default),
            await blobs.PutAsync("a corpus"u8.ToArray(), default)
        );
        // The script lets an instance of the name frozen-2 fall silent; when that is, as seen from the others, would be up to chance.
        ImmutableArray<VariantPlan> variants = [.. plan.Variants.Select(v => v.Name == "frozen" ? v with { Name = "still" } : v)];
        return plan with
        {
            Run = run,
            Base = new ModelId(weights.Sha256),
            Origin = new ModelOrigin.Nano("tiny", 100, 1, corpus.Sha256),
            Variants = variants,
        };
    }

    /// <summary>A journal's rows without what may differ between two hosts: order in the whole journal, time and writer. Of the supervisor only the manifests: it hears of its instances in any order.</summary>
    public static async Task<ImmutableArray<string>> RowsAsync(IJournal journal)
    {
        var rows = new List<string>();
        await foreach (var row in journal.ReadAllAsync(0, CancellationToken.None))
            rows.Add(
                $"{row.PersistenceId} {row.SequenceNumber} {row.Manifest} {Convert.ToHexStringLower(SHA256.HashData(row.Message.Span))[..16]}"
            );
        return
        [
            .. rows.Where(r => !IsSupervisors(r)).Order(StringComparer.Ordinal),
            .. rows.Where(IsSupervisors).Select(r => r.Split(' ')[2]).Order(StringComparer.Ordinal),
        ];
    }

    private static bool IsSupervisors(string row) => row.StartsWith($"{Run}/supervisor", StringComparison.Ordinal);

    private static string Here([CallerFilePath] string path = "") => path;
}

/// <summary>The script of the tests of Mind, with real blobs if it names some.</summary>
internal sealed class ScriptedEffects(IBlobs blobs, Troubled? troubled) : IEffects
{
    public async Task<Command> RunAsync(string instance, Effect effect, CancellationToken cancellationToken)
    {
        if (troubled?.Trouble(instance, effect) is { } trouble)
            throw trouble;
        return effect switch
        {
            WriteBatch e => new BatchWritten(
                e.Round,
                [.. e.Kept.Select(k => k.Id)],
                await PutAsync($"batch {instance} {e.Round}"),
                await PutAsync($"anchor {e.AnchorSeed}"),
                1
            ),
            TrainModel { Plan.Round: not 3 } e => new ModelTrained(
                e.Plan.Round,
                new ModelId(await PutAsync($"weights {instance} {e.Plan.Round}")),
                Some.Figures
            ),
            _ => Script.Answer(instance, effect),
        };
    }

    private async Task<string> PutAsync(string text) => (await blobs.PutAsync(Encoding.UTF8.GetBytes(text), default)).Sha256;
}

/// <summary>Which effects throw, and what.</summary>
internal sealed record Troubled(Func<string, Effect, Exception?> Trouble);
