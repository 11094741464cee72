using System.Collections.Immutable;
using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;
using AiMe.Console.Output.Documents;
using AiMe.Lab.Analysis.Comparison;
using AiMe.Lab.History;
using AiMe.Web.Report;

namespace AiMe.Console.Commands;

/// <summary>Hands a comparison to the pages. Kept apart, so that commands which write no page load nothing of ASP.NET.</summary>
internal static class ReportPages
{
    /// <summary>Writes a report and returns what was written.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static async Task<string> WriteAsync(
        IReadOnlyList<(RunRecord Record, RunComparison Comparison)> runs,
        Selection chosen,
        PreregistrationCheck? check,
        Stream output
    )
    {
        var registration = check is null ? null : new RegistrationCheck(check.File, check.Digest, check.Written, [.. check.Deviations]);
        var document = new ReportDocument([.. runs.Select(r => ReportRun.Of(r.Record, r.Comparison, chosen, registration))], Version);
        await using var writer = new StreamWriter(output, new UTF8Encoding(false), leaveOpen: true);
        await ReportRenderer.WriteAsync(document, writer);
        await writer.FlushAsync();
        return document.Runs is [var only] ? $"the report of {only.Record.Plan.Run}" : $"the report of {document.Runs.Length} runs";
    }

    /// <summary>The version of the program.</summary>
    public static string Version =>
        typeof(ReportPages).Assembly.GetName().Version is { } version ? version.ToString(3) : 0.ToString(CultureInfo.InvariantCulture);
}
