using System.Collections.Immutable;
using System.CommandLine;
using System.Globalization;
using System.Text;
using AiMe.Console.Output;
using AiMe.Faculties;
using AiMe.Lab.Experiments.Personas;
using AiMe.Lab.Experiments.Yaml;
using Command = System.CommandLine.Command;

namespace AiMe.Console.Commands.Probes;

/// <summary><c>aime probes import</c>: turns files of persona evaluations into a file of probes.</summary>
internal static class ProbesImportCommand
{
    private const int MostProblems = 20;

    public static Command Create()
    {
        var files = new Argument<string[]>("file")
        {
            Description =
                "Persona files: JSON Lines with question, answer_matching_behavior, answer_not_matching_behavior and, optionally, "
                + "statement and label_confidence; a question may hold its choices as (A), (B) and so on",
            Arity = ArgumentArity.OneOrMore,
        };
        var scale = new Option<string?>("--scale")
        {
            Description = "What the items measure, a trait of the charter. Default: the name of each file",
            HelpName = "word",
        };
        var limit = SharedOptions.WholeOption("--limit", "At most so many items of each file, from the first", least: 1, most: 100_000);
        var balance = new Option<bool>("--balance")
        {
            Description = "As many items of each key, so that who affirms everything is at chance",
        };
        var confidence = ConfidenceOption();
        var output = new Option<string?>("--out", "-o") { Description = "File to write. Default: standard output", HelpName = "file" };
        var force = new Option<bool>("--force") { Description = "Replace the file if it exists" };
        var command = new Command("import", "Turn persona files into a file of choice probes that an experiment can name")
        {
            files,
            scale,
            limit,
            balance,
            confidence,
            output,
            force,
        };
        command.SetAction(
            async (parsed, cancellationToken) =>
            {
                var selection = new PersonaSelection(parsed.GetValue(confidence), parsed.GetValue(balance), (int?)parsed.GetValue(limit));
                if (parsed.GetValue(scale) is { } named && string.IsNullOrWhiteSpace(named))
                    throw new UsageException("--scale: found an empty text, expected a word");
                var text = Text(Read(parsed.GetRequiredValue(files)), parsed.GetValue(scale)?.Trim(), selection);
                await ExportTarget.WriteAsync(
                    async stream =>
                    {
                        await stream.WriteAsync(Encoding.UTF8.GetBytes(text.Yaml), cancellationToken);
                        return text.Count;
                    },
                    parsed.GetValue(output),
                    parsed.GetValue(force),
                    cancellationToken
                );
                return ExitCode.Done;
            }
        );
        return command;
    }

    private static Option<double?> ConfidenceOption() =>
        new("--min-confidence")
        {
            Description = "Least label_confidence of an item, 0 to 1; an item without one is left out. Default: every item",
            HelpName = "p",
            CustomParser = result =>
            {
                var text = result.Tokens is [var token] ? token.Value : "";
                if (double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var p) && p is >= 0 and <= 1)
                    return p;
                result.AddError($"--min-confidence: found '{text}', expected a number from 0 to 1");
                return null;
            },
        };

    private static ImmutableArray<PersonaFile> Read(string[] paths)
    {
        var read = paths.Select(PersonaFile.Read).ToArray();
        ImmutableArray<Problem> problems = [.. read.SelectMany(r => r.Problems)];
        foreach (var problem in problems.Take(MostProblems))
            System.Console.Error.WriteLine(problem); // not wrapped: editors jump to file:line:column
        if (problems.IsEmpty)
            return [.. read.Select(r => r.File!)];
        throw new UsageException(
            $"found {Lines.Count(problems.Length, "problem")}"
                + $"{(problems.Length > MostProblems ? $", of which the first {MostProblems} are shown" : "")}; nothing was written."
        );
    }

    private static (string Yaml, string Count) Text(ImmutableArray<PersonaFile> files, string? scale, PersonaSelection selection)
    {
        List<ChoiceProbe> probes = [];
        List<string> comment = ["Choice probes made by `aime probes import`. The keyed option is the one that matches the behaviour."];
        foreach (var (at, file) in files.Index())
        {
            var (measures, chosen) = (scale ?? PersonaProbes.ScaleOf(file.Name), selection.Of(file));
            var same = files.Take(at).Count(f => PersonaProbes.ScaleOf(f.Name) == PersonaProbes.ScaleOf(file.Name));
            var prefix = PersonaProbes.ScaleOf(file.Name) + (same == 0 ? "" : $".{same + 1}");
            var said = $"{file.Name}: {Summary(file, chosen)}";
            System.Console.Error.WriteLine(said);
            comment.Add(said);
            probes.AddRange(PersonaProbes.Of(prefix, measures, chosen.Items));
        }

        if (probes.Count == 0)
            throw new UsageException(
                "no item is left; expected a lower --min-confidence, a file with answers of both keys for --balance, or a --limit of at "
                    + "least one item of each key"
            );
        return (ProbeYaml.Of([.. comment], probes), Lines.Count(probes.Count, "probe"));
    }

    private static string Summary(PersonaFile file, PersonaChoice chosen)
    {
        var keys = chosen.Items.GroupBy(i => i.IsShort ? i.Options[i.Keyed].Trim() : $"({(char)('A' + i.Keyed)})", StringComparer.Ordinal);
        string[] parts =
        [
            $"{Lines.Count(chosen.Items.Length)} of {Lines.Count(file.Items.Length, "item")}",
            .. keys.OrderBy(k => k.Key, StringComparer.Ordinal).Select(k => $"{Lines.Count(k.Count())} keyed {k.Key}"),
            .. Left(chosen.Unsure, "below the confidence or without one"),
            .. Left(chosen.Repeated, "repeated"),
            .. Left(chosen.Beyond, "beyond the balance or the limit"),
        ];
        return string.Join(", ", parts);
    }

    private static string[] Left(int count, string why) => count == 0 ? [] : [$"{Lines.Count(count)} {why}"];
}
