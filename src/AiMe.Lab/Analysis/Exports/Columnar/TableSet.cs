using System.Collections.Immutable;

namespace AiMe.Lab.Analysis.Exports.Columnar;

/// <summary>The open tables of an export; <c>contrasts</c> and <c>runs</c> are written in one go at the end.</summary>
internal sealed class TableSet : IAsyncDisposable
{
    public const string Extension = ".parquet";

    private readonly string _folder;

    private TableSet(string folder) => _folder = folder;

    public TableFile<LivedExperience> Experiences { get; private set; } = null!;

    public TableFile<ProbeRow> Probes { get; private set; } = null!;

    public TableFile<EventRow> Events { get; private set; } = null!;

    /// <param name="folder">An empty folder.</param>
    public static async Task<TableSet> CreateAsync(string folder, CancellationToken cancellationToken)
    {
        var set = new TableSet(folder);
        try
        {
            set.Experiences = await set.OpenAsync("experiences", ExperienceColumns.All, ExperienceColumns.Characters, cancellationToken);
            set.Probes = await set.OpenAsync("probes", ProbeColumns.All, r => r.Text.Length + r.Ask.Length, cancellationToken);
            set.Events = await set.OpenAsync("events", EventColumns.All, EventColumns.Characters, cancellationToken);
            return set;
        }
        catch
        {
            await set.DisposeAsync();
            throw;
        }
    }

    /// <summary>Writes a table whose rows are at hand.</summary>
    public async Task<long> WriteAsync<T>(
        string name,
        ImmutableArray<TableColumn<T>> columns,
        IEnumerable<T> rows,
        CancellationToken cancellationToken
    )
    {
        await using var table = await OpenAsync(name, columns, _ => 0, cancellationToken);
        foreach (var row in rows)
            await table.AddAsync(row, cancellationToken);
        await table.FinishAsync(cancellationToken);
        return table.Rows;
    }

    /// <summary>Completes the open tables.</summary>
    public async Task FinishAsync(CancellationToken cancellationToken)
    {
        await Experiences.FinishAsync(cancellationToken);
        await Probes.FinishAsync(cancellationToken);
        await Events.FinishAsync(cancellationToken);
    }

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        foreach (var table in new IAsyncDisposable?[] { Experiences, Probes, Events })
        {
            if (table is not null)
                await table.DisposeAsync();
        }
    }

    private Task<TableFile<T>> OpenAsync<T>(
        string name,
        ImmutableArray<TableColumn<T>> columns,
        Func<T, long> characters,
        CancellationToken cancellationToken
    ) => TableFile<T>.CreateAsync(Path.Combine(_folder, name + Extension), columns, characters, cancellationToken);
}
