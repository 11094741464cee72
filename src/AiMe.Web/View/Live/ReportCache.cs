using System.Globalization;
using AiMe.Journal;
using AiMe.Web.Report;

namespace AiMe.Web.View.Live;

/// <summary>The last reports as they were drawn last; drawn again when their run has new rows.</summary>
internal sealed class ReportCache(EventStore store) : IDisposable
{
    private const int Most = 8; // a report has some megabytes

    private readonly SemaphoreSlim _gate = new(1);
    private readonly Dictionary<string, (long Seen, string Html)> _drawn = new(StringComparer.Ordinal);

    /// <summary>The page; null if there is no such run.</summary>
    public async Task<string?> HtmlAsync(string run, CancellationToken cancellationToken)
    {
        await _gate.WaitAsync(cancellationToken);
        try
        {
            var newest = await store.Glance.NewestAsync(cancellationToken);
            if (_drawn.TryGetValue(run, out var known) && await IsUnchangedAsync(run, known.Seen, newest, cancellationToken))
            {
                _drawn[run] = (newest, known.Html);
                return known.Html;
            }

            if (await DrawAsync(run, cancellationToken) is not { } html)
                return null;
            if (_drawn.Count >= Most)
                _drawn.Remove(_drawn.MinBy(d => d.Value.Seen).Key);
            _drawn[run] = (newest, html);
            return html;
        }
        finally
        {
            _gate.Release();
        }
    }

    /// <inheritdoc />
    public void Dispose() => _gate.Dispose();

    private async Task<bool> IsUnchangedAsync(string run, long seen, long newest, CancellationToken cancellationToken) =>
        seen == newest || (await store.Glance.CountsAsync($"{run}/", seen, newest, cancellationToken)).IsEmpty;

    private async Task<string?> DrawAsync(string run, CancellationToken cancellationToken)
    {
        if (await ReportDocument.ReadAsync(store, run, cancellationToken) is not { } document)
            return null;
        await using var html = new StringWriter(CultureInfo.InvariantCulture);
        await ReportRenderer.WriteAsync(document, html);
        return html.ToString();
    }
}
