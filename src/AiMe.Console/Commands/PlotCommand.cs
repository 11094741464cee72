using System.Collections.Immutable;
using System.CommandLine;
using AiMe.Corpora;
using AiMe.Lab.Analysis.Comparison;
using AiMe.Lab.History;

namespace AiMe.Console.Commands;

/// <summary><c>aime plot</c>: the charts of the report as figures for a paper.</summary>
internal static class PlotCommand
{
    private static readonly ImmutableArray<string> s_forms = ["svg", "png", "pdf"];

    public static Command Create()
    {
        var run = new Argument<string?>("run")
        {
            Description = $"A run ({SharedOptions.RunForms}). Optional if the store has one run",
            Arity = ArgumentArity.ZeroOrOne,
        };
        run.CompletionSources.Add(Completions.Runs);
        var store = SharedOptions.StoreOption();
        var selection = new SelectionOptions();
        var kinds = new PlotKinds();
        var form = SharedOptions.OneOf("--as", "Form of the file. Default: the ending of --out", s_forms, many: false);
        var output = new Option<string>("--out")
        {
            Description = "The file to write, such as drift.pdf",
            HelpName = "file",
            Required = true,
        };
        var force = new Option<bool>("--force") { Description = "Replace the file if it exists" };
        var width = new Option<string>("--width")
        {
            Description = "Width: single (a column, 85 mm; the default), double (two columns, 180 mm), or millimetres such as 120mm",
            HelpName = "single|double|mm",
            DefaultValueFactory = _ => "single",
        };
        var dark = new Option<bool>("--dark") { Description = "On a dark ground, for slides" };
        var font = new Option<string?>("--font")
        {
            Description = "A font file to use instead of the first sans serif that is found on the machine",
            HelpName = "file",
        };
        var planned = new Option<bool>("--planned-only")
        {
            Description = "Leave out instances that received unplanned input before the compared generation",
        };
        var command = new Command("plot", "Write figures for a paper as SVG, PNG or PDF: the charts of the report, sized for a column")
        {
            run,
            output,
            form,
        };
        foreach (var option in kinds.All)
            command.Add(option);
        command.Add(width);
        command.Add(dark);
        command.Add(font);
        command.Add(force);
        command.Add(store);
        foreach (var option in selection.All)
            command.Add(option);
        command.Add(planned);
        command.SetAction(
            async (parsed, cancellationToken) =>
            {
                ReportCommand.RefuseMisspelt(command, parsed.GetValue(run) is { } named ? [named] : []);
                var file = parsed.GetRequiredValue(output);
                var asked = new PlotRequest(
                    kinds.Read(parsed),
                    FormOf(parsed.GetValue(form), file),
                    parsed.GetRequiredValue(width),
                    parsed.GetValue(dark),
                    parsed.GetValue(font)
                );
                await using var opened = Stores.OpenReadOnly(parsed.GetRequiredValue(store));
                var state = await StoreLookup.RunAsync(opened, parsed.GetValue(run), cancellationToken);
                var record = await RunRecord.ReadAsync(opened.Journal, state.Plan!.Run, cancellationToken);
                var comparison = RunComparison.Of(record);
                var chosen = selection.Read(parsed, [comparison]);
                comparison = selection.At(parsed, comparison);
                if (parsed.GetValue(planned))
                    comparison = comparison.PlannedOnly();
                if (comparison.Select(chosen).Variants.IsEmpty)
                    throw ReportCommand.Empty(comparison, chosen);
                // Only from here on does a process load ASP.NET and Skia.
                await ExportTarget.WriteAsync(
                    stream => PlotPages.WriteAsync(record, comparison, chosen, asked, stream),
                    file,
                    parsed.GetValue(force),
                    cancellationToken
                );
                return ExitCode.Done;
            }
        );
        return command;
    }

    private static string FormOf(string[]? form, string file)
    {
        var ending = Path.GetExtension(file).TrimStart('.').ToLowerInvariant();
        return form is [var named] ? named
            : s_forms.Contains(ending) ? ending
            : throw new UsageException(
                $"--out: found the ending '{Path.GetExtension(file)}', expected .svg, .png or .pdf, or the form in --as"
                    + Nearest.Hint(ending, s_forms)
            );
    }
}
