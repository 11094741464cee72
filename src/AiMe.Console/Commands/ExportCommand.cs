using System.Collections.Immutable;
using System.CommandLine;
using AiMe.Lab;
using AiMe.Mind;

namespace AiMe.Console.Commands;

/// <summary><c>aime export</c>: experiences as JSON Lines.</summary>
internal static class ExportCommand
{
    public static Command Create()
    {
        var what = Common.RunOrInstanceArgument();
        var store = Common.StoreOption();
        var form = Common.OneOf("--as", "experiences: {\"input\", \"output\", \"reflection\", \"timestamp\"}; pairs: {\"prompt\", \"completion\"}, as trained on; chat: {\"messages\": [{\"role\", \"content\"}, ...]}; full: an experience with all that is known of it but its embedding. experiences unless told otherwise", [.. Enum.GetNames<ExportForm>().Select(n => n.ToLowerInvariant())], many: false);
        var rounds = new Option<(int First, int Last)?>("--round") { Description = "Only these rounds: 2, 2..3, 2.. or ..3", HelpName = "a..b", CustomParser = ExportOptions.Rounds };
        var verdicts = Common.OneOf("--verdict", "Only experiences of this verdict: keep, reject or hold; may be repeated", [.. Enum.GetNames<Verdict>().Select(n => n.ToLowerInvariant())]);
        var topics = new Option<string[]>("--topic") { Description = "Only experiences of this topic; may be repeated", HelpName = "topic" };
        var variants = new Option<string[]>("--variant") { Description = "Only lives of this variant; may be repeated", HelpName = "variant" };
        var least = ExportOptions.Bound("--min", "Only where a score is at least so much, such as alignment=.5; may be repeated. An undefined score is left out", atLeast: true);
        var most = ExportOptions.Bound("--max", "Only where a score is at most so much, such as perplexity=20; may be repeated", atLeast: false);
        var limit = Common.WholeOption("--limit", "Experiences at most", least: 1);
        var output = new Option<string?>("--out") { Description = "A file to write; standard output unless told otherwise", HelpName = "file" };
        var force = new Option<bool>("--force") { Description = "Replace the file where there is one" };
        var command = new Command("export", "Write experiences as JSON Lines, life by life in the order of the plan, each from its first to its last") { what, store, form, rounds, verdicts, topics, variants, least, most, limit, output, force };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            await using var opened = Common.OpenReadOnly(parsed.GetRequiredValue(store));
            var (run, instance) = await Common.RunOrInstanceAsync(opened, parsed.GetRequiredValue(what), cancellationToken);
            var (first, last) = parsed.GetValue(rounds) ?? (1, int.MaxValue);
            var filter = new ExportFilter(
                first, last,
                [.. (parsed.GetValue(verdicts) ?? []).Select(v => Enum.Parse<Verdict>(v, ignoreCase: true))],
                [.. parsed.GetValue(topics) ?? []],
                [.. parsed.GetValue(variants) ?? []],
                [.. parsed.GetValue(least) ?? [], .. parsed.GetValue(most) ?? []],
                parsed.GetValue(limit) ?? long.MaxValue);
            Check(run.Plan!, filter);
            var chosen = parsed.GetValue(form) is [var name] ? Enum.Parse<ExportForm>(name, ignoreCase: true) : ExportForm.Experiences;
            var lines = ExportReader.ReadAsync(opened.Journal, run, instance is null ? [] : [instance], filter, cancellationToken);
            await ExportTarget.WriteAsync(lines, chosen, parsed.GetValue(output), parsed.GetValue(force), cancellationToken);
            return ExitCode.Done;
        });
        return command;
    }

    private static void Check(RunPlan plan, ExportFilter filter)
    {
        Common.RefuseUnknown("--variant", filter.Variants, [.. plan.Variants.Select(v => v.Name)], "variant");
        Common.RefuseUnknown("--topic", filter.Topics, [.. plan.Stimuli.Select(s => s.Topic).Concat(plan.Charter.Drives.Select(d => d.Topic)).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)], "topic");
        if (filter.FirstRound > plan.Rounds + 1)
            throw new UsageException($"--round: the run {plan.Run} has rounds 1 to {plan.Rounds}");
    }
}
