using System.Collections.Immutable;
using System.Diagnostics;
using System.IO.Compression;
using Parquet;
using Parquet.Schema;

namespace AiMe.Lab.Analysis.Exports.Columnar;

/// <summary>Writes one table as a Parquet file, a group of rows at a time, so that a large table need not fit into memory.</summary>
/// <typeparam name="T">A row.</typeparam>
internal sealed class TableFile<T> : IAsyncDisposable
{
    private const int RowsOfAGroup = 65_536;

    // A group with long texts is written earlier, so that it takes some tens of megabytes at most.
    private const long CharactersOfAGroup = 8 << 20;

    private readonly ImmutableArray<TableColumn<T>> _columns;
    private readonly DataField[] _fields;
    private readonly FileStream _file;
    private readonly ParquetWriter _writer;
    private readonly Func<T, long> _characters;
    private readonly List<T> _rows = [];
    private long _waiting;

    private TableFile(
        ImmutableArray<TableColumn<T>> columns,
        DataField[] fields,
        FileStream file,
        ParquetWriter writer,
        Func<T, long> characters
    ) => (_columns, _fields, _file, _writer, _characters) = (columns, fields, file, writer, characters);

    /// <summary>Number of rows written.</summary>
    public long Rows { get; private set; }

    /// <param name="path">A file that does not exist.</param>
    /// <param name="characters">Roughly how many characters a row holds.</param>
    public static async Task<TableFile<T>> CreateAsync(
        string path,
        ImmutableArray<TableColumn<T>> columns,
        Func<T, long> characters,
        CancellationToken cancellationToken
    )
    {
        DataField[] fields = [.. columns.Select(FieldOf)];
        var file = new FileStream(path, FileMode.CreateNew, FileAccess.ReadWrite);
        try
        {
            // Measured: the default level takes ten times as long, for files of the same size.
            var options = new ParquetOptions { CompressionMethod = CompressionMethod.Zstd, CompressionLevel = CompressionLevel.Fastest };
            var writer = await ParquetWriter.CreateAsync(
                new ParquetSchema(fields.Cast<Field>()),
                file,
                options,
                cancellationToken: cancellationToken
            );
            return new TableFile<T>(columns, fields, file, writer, characters);
        }
        catch
        {
            await file.DisposeAsync();
            throw;
        }
    }

    /// <summary>Adds a row.</summary>
    public async ValueTask AddAsync(T row, CancellationToken cancellationToken)
    {
        _rows.Add(row);
        _waiting += _characters(row);
        if (_rows.Count >= RowsOfAGroup || _waiting >= CharactersOfAGroup)
            await WriteGroupAsync(cancellationToken);
    }

    /// <summary>Writes what is left, and makes the file durable.</summary>
    public async Task FinishAsync(CancellationToken cancellationToken)
    {
        if (_rows.Count > 0)
            await WriteGroupAsync(cancellationToken);
        await _writer.DisposeAsync(); // writes the footer
        PlainFooter.Write(_file);
        _file.Flush(flushToDisk: true);
    }

    /// <inheritdoc />
    public ValueTask DisposeAsync() => _file.DisposeAsync();

    private static DataField FieldOf(TableColumn<T> column) =>
        column switch
        {
            TableColumn<T>.Utf8Text => new DataField<string>(column.Name, nullable: true),
            TableColumn<T>.Number => new DataField<double>(column.Name, nullable: true),
            TableColumn<T>.Whole => new DataField<long>(column.Name, nullable: true),
            TableColumn<T>.Fact => new DataField<bool>(column.Name, nullable: true),
            TableColumn<T>.Time => new DateTimeDataField(
                column.Name,
                DateTimeFormat.Timestamp,
                isAdjustedToUTC: true,
                unit: DateTimeTimeUnit.Micros,
                isNullable: true
            ),
            _ => throw new UnreachableException(),
        };

    private async Task WriteGroupAsync(CancellationToken cancellationToken)
    {
        using (var group = _writer.CreateRowGroup())
        {
            for (var i = 0; i < _fields.Length; i++)
                await WriteAsync(group, _fields[i], _columns[i], cancellationToken);
            group.CompleteValidate();
        }

        Rows += _rows.Count;
        _rows.Clear();
        _waiting = 0;
    }

    private Task WriteAsync(ParquetRowGroupWriter group, DataField field, TableColumn<T> column, CancellationToken cancellationToken) =>
        column switch
        {
            TableColumn<T>.Utf8Text c => group.WriteAsync(field, _rows.ConvertAll(r => c.Of(r)!)),
            TableColumn<T>.Number c => ValuesAsync<double>(
                group,
                field,
                r => c.Of(r) is var x && double.IsNaN(x) ? null : x,
                cancellationToken
            ),
            TableColumn<T>.Whole c => ValuesAsync(group, field, c.Of, cancellationToken),
            TableColumn<T>.Fact c => ValuesAsync(group, field, c.Of, cancellationToken),
            TableColumn<T>.Time c => ValuesAsync(group, field, c.Of, cancellationToken),
            _ => throw new UnreachableException(),
        };

    private async Task ValuesAsync<TValue>(
        ParquetRowGroupWriter group,
        DataField field,
        Func<T, TValue?> of,
        CancellationToken cancellationToken
    )
        where TValue : struct
    {
        TValue?[] values = [.. _rows.Select(of)];
        await group.WriteAsync<TValue>(field, values.AsMemory(), cancellationToken: cancellationToken);
    }
}
