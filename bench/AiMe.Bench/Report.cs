using System.Globalization;
using System.Text.Json.Nodes;

namespace AiMe.Bench;

/// <summary>The figures as a table, or as JSON, one object a line.</summary>
internal static class Report
{
    private static readonly string[] Head =
    [
        "figure",
        "median",
        "quartiles",
        "unit",
        "us each",
        "server us",
        "of bare",
        "target",
        "elsewhere",
    ];

    public static async Task WriteAsync(string bench, IAsyncEnumerable<Figure> figures, bool json, Measuring measuring)
    {
        var machine = await measuring.InEmptyDirectoryAsync(directory => Task.FromResult(Machine.Look(directory)));
        await Console.Error.WriteLineAsync($"{bench}: {machine}");
        var all = new List<Figure>();
        await foreach (var figure in figures)
        {
            await Console.Error.WriteLineAsync(
                $"  {figure.Name}: {Number(figure.Median)} {figure.Unit}{(double.IsNaN(figure.MedianCost) ? "" : $", {Number(figure.MedianCost)} us of processor time each")}{(double.IsNaN(figure.MedianServerCost) ? "" : $", {Number(figure.MedianServerCost)} us of the server's")}"
            );
            all.Add(figure);
        }

        if (json)
        {
            foreach (var figure in all)
                Console.Out.WriteLine(ToJson(bench, figure, Bare(figure, all), machine).ToJsonString());
            return;
        }

        Console.Out.WriteLine(machine);
        var shares = all.SelectMany(f => f.Shares.Select(s => s.Of)).Distinct().ToArray();
        string[] head = [.. Head[..^1], .. shares, Head[^1]];
        var rows = all.Select(f => Row(f, Bare(f, all), shares)).Prepend(head).ToArray();
        var widths = Enumerable.Range(0, head.Length).Select(i => rows.Max(r => r[i].Length)).ToArray();
        foreach (var row in rows)
            Console.Out.WriteLine(
                string.Join(
                        "  ",
                        row.Select(
                            (cell, i) => i is 0 or 2 or 3 || i == head.Length - 1 ? cell.PadRight(widths[i]) : cell.PadLeft(widths[i])
                        )
                    )
                    .TrimEnd()
            );
    }

    private static string[] Row(Figure figure, Figure? bare, IReadOnlyList<string> shares) =>
        [
            figure.Name,
            Number(figure.Median),
            $"{Number(figure.Lower)}-{Number(figure.Upper)}",
            figure.Unit,
            double.IsNaN(figure.MedianCost) ? "" : Number(figure.MedianCost),
            double.IsNaN(figure.MedianServerCost) ? "" : Number(figure.MedianServerCost),
            bare is null ? "" : (figure.Median / bare.Median).ToString("0.00", CultureInfo.InvariantCulture),
            double.IsNaN(figure.Target) ? "" : Number(figure.Target),
            .. shares.Select(of =>
                figure.Shares.Where(s => s.Of == of).Select(s => s.Share.ToString("0.00", CultureInfo.InvariantCulture)).FirstOrDefault("")
            ),
            figure.Reference ?? "",
        ];

    private static JsonObject ToJson(string bench, Figure figure, Figure? bare, Machine machine) =>
        new()
        {
            ["bench"] = bench,
            ["figure"] = figure.Name,
            ["unit"] = figure.Unit,
            ["median"] = figure.Median,
            ["lower"] = figure.Lower,
            ["upper"] = figure.Upper,
            ["values"] = new JsonArray([.. figure.Values.Select(v => JsonValue.Create(v))]),
            ["processorMicroseconds"] = new JsonArray([.. figure.Cost.Select(v => JsonValue.Create(v))]),
            ["serverMicroseconds"] = new JsonArray([.. figure.ServerCost.Select(v => JsonValue.Create(v))]),
            ["target"] = double.IsNaN(figure.Target) ? null : figure.Target,
            ["bare"] = bare?.Name,
            ["ofBare"] = bare is null ? null : figure.Median / bare.Median,
            ["shares"] = new JsonObject(figure.Shares.Select(s => KeyValuePair.Create<string, JsonNode?>(s.Of, s.Share))),
            ["elsewhere"] = figure.Reference,
            ["machine"] = new JsonObject
            {
                ["cores"] = machine.Cores,
                ["processor"] = machine.Processor,
                ["load"] = machine.Load,
                ["syncMilliseconds"] = machine.SyncMilliseconds,
                ["runtime"] = machine.Runtime,
            },
        };

    private static Figure? Bare(Figure figure, List<Figure> all) => figure.Beside is null ? null : all.Find(f => f.Name == figure.Beside);

    private static string Number(double value) => value.ToString(value < 100 ? "0.0" : "#,0", CultureInfo.InvariantCulture);
}
