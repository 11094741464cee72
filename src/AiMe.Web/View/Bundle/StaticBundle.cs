using System.Collections.Immutable;
using System.Text;
using AiMe.EventSourcing;
using AiMe.Faculties;
using AiMe.Journal;
using AiMe.Lab.Analysis.Memories;
using AiMe.Lab.History;
using AiMe.Web.Report;
using AiMe.Web.Theme;
using Microsoft.AspNetCore.Components;

namespace AiMe.Web.View.Bundle;

/// <summary>A run as a folder of pages without a script, which any file server can show.</summary>
/// <remarks>
/// <c>index.html</c>, and for each run a folder with its overview, its report, its memories, and for each instance the audit of its
/// memory and its record in pages of <see cref="EventsOnPage"/> events and as JSON Lines.
/// </remarks>
public static class StaticBundle
{
    /// <summary>Events on one page of a record.</summary>
    public const int EventsOnPage = 500;

    /// <summary>Writes a bundle.</summary>
    /// <param name="runs">Ids of runs.</param>
    /// <param name="directory">An empty directory.</param>
    /// <returns>The number of files.</returns>
    /// <exception cref="CorruptJournalException">A run cannot be read.</exception>
    public static async Task<int> WriteAsync(
        EventStore store,
        ImmutableArray<string> runs,
        string directory,
        TimeProvider time,
        CancellationToken cancellationToken
    )
    {
        ArgumentNullException.ThrowIfNull(store);
        var files = new BundleFiles(directory);
        await files.TextAsync(WebAsset.Style, WebAsset.Text(WebAsset.Style), cancellationToken);
        await files.TextAsync(WebAsset.ViewStyle, WebAsset.Text(WebAsset.ViewStyle), cancellationToken);
        var statuses = ImmutableArray.CreateBuilder<RunStatus>();
        foreach (var run in runs)
        {
            var status = await new RunWatch(store, run, time).LookAsync(cancellationToken)
                ?? throw new ArgumentException($"The run {run} has not started: there is nothing to show.");
            statuses.Add(status);
            await RunAsync(store, status, files, cancellationToken);
        }

        await files.PageAsync<BundleRuns>("index.html", cancellationToken, (nameof(BundleRuns.Runs), statuses.ToImmutable()));
        return files.Written;
    }

    private static async Task RunAsync(EventStore store, RunStatus status, BundleFiles files, CancellationToken cancellationToken)
    {
        var run = status.Plan.Run;
        if (await ReportDocument.ReadAsync(store, run, cancellationToken) is { } report)
        {
            await using var html = new StringWriter();
            await ReportRenderer.WriteAsync(report, html);
            await files.TextAsync($"{run}/report.html", html.ToString(), cancellationToken);
        }

        await files.PageAsync<BundleRun>($"{run}/index.html", cancellationToken, (nameof(BundleRun.Status), status));
        var audits = await RunMemories.ReadAsync(store.Journal, status.Run, MemoryAudit.UsualStaleAfter, cancellationToken);
        await files.PageAsync<BundleMemories>(
            $"{run}/memory.html",
            cancellationToken,
            (nameof(BundleMemories.Run), run),
            (nameof(BundleMemories.Audits), audits)
        );
        foreach (var instance in status.Instances.Where(i => i.Generation >= 0))
        {
            var events = await InstanceReader.ReadAsync(store.Journal, status.Run, instance.Name, cancellationToken);
            var pages = Math.Max(1, (events.Length + EventsOnPage - 1) / EventsOnPage);
            var scheduled = InstanceIntervention.All(status.Run, instance.Name, events.Select(e => (e.Index, e.Happened)));
            for (var page = 1; page <= pages; page++)
            {
                var shown = events.Skip((page - 1) * EventsOnPage).Take(EventsOnPage).ToImmutableArray();
                await files.PageAsync<BundleRecord>(
                    $"{run}/{FileOf(instance.Name, page)}",
                    cancellationToken,
                    (nameof(BundleRecord.Status), instance),
                    (nameof(BundleRecord.Plan), status.Plan),
                    (nameof(BundleRecord.Interventions), page == 1 ? scheduled : []),
                    (nameof(BundleRecord.Events), shown),
                    (nameof(BundleRecord.Page), page),
                    (nameof(BundleRecord.Pages), pages)
                );
            }

            await files.PageAsync<BundleMemory>(
                $"{run}/{MemoryFileOf(instance.Name)}",
                cancellationToken,
                (
                    nameof(BundleMemory.Audit),
                    audits.FirstOrDefault(a => a.Instance == instance.Name)
                        ?? await MemoryAudit.ReadAsync(
                            store.Journal,
                            status.Run,
                            instance.Name,
                            MemoryAudit.UsualStaleAfter,
                            cancellationToken
                        )
                )
            );
            await files.LinesAsync($"{run}/{instance.Name}.jsonl", events.Select(Line), cancellationToken);
        }
    }

    /// <summary>The file of a page of a record; page 1 has no number.</summary>
    internal static string FileOf(string instance, int page) => page == 1 ? $"{instance}.html" : $"{instance}.{page}.html";

    /// <summary>The page of a record that has an event.</summary>
    /// <param name="index">From 1.</param>
    internal static int PageOf(long index) => (int)((index - 1) / EventsOnPage) + 1;

    /// <summary>The file of the audit of an instance's memory.</summary>
    internal static string MemoryFileOf(string instance) => $"{instance}.memory.html";

    // {"index": 1, "faculty": "self", "manifest": "self.began@1", "event": {...}}
    private static string Line(InstanceEvent happened) =>
        $"{{\"index\":{happened.Index},\"faculty\":\"{happened.Faculty}\",\"manifest\":\"{happened.Manifest}\",\"event\":"
        + $"{Encoding.UTF8.GetString(FacultyEvents.Codec.Write(happened.Happened))}}}";
}

/// <summary>The files of a bundle.</summary>
/// <param name="directory">Where they are written.</param>
internal sealed class BundleFiles(string directory)
{
    private static readonly UTF8Encoding Utf8 = new(encoderShouldEmitUTF8Identifier: false);

    /// <summary>Files written.</summary>
    public int Written { get; private set; }

    public Task TextAsync(string name, string text, CancellationToken cancellationToken) =>
        WriteAsync(name, writer => writer.WriteAsync(text.AsMemory(), cancellationToken));

    public Task LinesAsync(string name, IEnumerable<string> lines, CancellationToken cancellationToken) => WriteAsync(name, async writer =>
        {
            foreach (var line in lines)
                await writer.WriteLineAsync(line.AsMemory(), cancellationToken);
        });

    public async Task PageAsync<TPage>(string name, CancellationToken cancellationToken, params (string Name, object Value)[] parameters)
        where TPage : IComponent
    {
        await using var html = new StringWriter();
        await ReportRenderer.WriteAsync<TPage>(parameters.ToDictionary(p => p.Name, p => (object?)p.Value, StringComparer.Ordinal), html);
        await TextAsync(name, html.ToString(), cancellationToken);
    }

    // The folder is moved to its place when all files are written, so each must be on disk before.
    private async Task WriteAsync(string name, Func<StreamWriter, Task> write)
    {
        await using FileStream file = new(PathOf(name), FileMode.Create, FileAccess.Write, FileShare.None);
        await using StreamWriter writer = new(file, Utf8) { NewLine = "\n" };
        await write(writer);
        await writer.FlushAsync();
        file.Flush(flushToDisk: true);
    }

    private string PathOf(string name)
    {
        var path = Path.Combine(directory, name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        Written++;
        return path;
    }
}
