using System.CommandLine;
using AiMe.Console.Output;
using AiMe.Faculties;
using AiMe.Faculties.Supervisor;
using AiMe.Journal;
using AiMe.Lab.Analysis.Exports;
using AiMe.Lab.Runs.InstanceFiles;

namespace AiMe.Console.Commands;

/// <summary><c>aime export</c>: experiences line by line, preferences among them, or whole lives.</summary>
internal static class ExportCommand
{
    private const string Preferences = "preferences",
        Instance = "life";

    private const string Forms =
        "experiences: {\"input\", \"output\", \"reflection\", \"timestamp\"}; pairs: {\"prompt\", \"completion\"}, as "
        + "trained on; chat: {\"messages\": [{\"role\", \"content\"}, ...]}; full: an experience with all that is known of "
        + "it but its embedding; "
        + "sharegpt: {\"id\", \"conversations\": [{\"from\", \"value\"}, ...]}; csv: RFC 4180 with all scores; "
        + "preferences: {\"prompt\", \"chosen\", \"rejected\", ...}, of candidates and verdicts; "
        + "life: whole lives, from which import makes the same lives again. experiences unless told otherwise";

    public static Command Create()
    {
        var what = SharedOptions.RunOrInstanceArgument();
        var store = SharedOptions.StoreOption();
        var form = SharedOptions.OneOf(
            "--as",
            Forms,
            [.. Enum.GetNames<ExportForm>().Select(n => n.ToLowerInvariant()), Preferences, Instance],
            many: false
        );
        var rounds = new Option<(int First, int Last)?>("--round")
        {
            Description = "Only these rounds: 2, 2..3, 2.. or ..3",
            HelpName = "a..b",
            CustomParser = ExportOptions.Rounds,
        };
        var verdicts = SharedOptions.OneOf(
            "--verdict",
            "Only experiences of this verdict: keep, reject or hold; may be repeated",
            [.. Enum.GetNames<Verdict>().Select(n => n.ToLowerInvariant())]
        );
        var topics = new Option<string[]>("--topic")
        {
            Description = "Only experiences of this topic; may be repeated",
            HelpName = "topic",
        };
        var variants = new Option<string[]>("--variant")
        {
            Description = "Only lives of this variant; may be repeated",
            HelpName = "variant",
        };
        var least = ExportOptions.Bound(
            "--min",
            "Only where a score is at least so much, such as alignment=.5; may be repeated. An undefined score is left out",
            atLeast: true
        );
        var most = ExportOptions.Bound(
            "--max",
            "Only where a score is at most so much, such as perplexity=20; may be repeated",
            atLeast: false
        );
        var limit = SharedOptions.WholeOption("--limit", "Experiences (or preferences) at most", least: 1);
        var among = SharedOptions.OneOf(
            "--among",
            "With preferences: answers of one life, of the replicates of a variant, or of the run are paired. life unless told otherwise",
            ["life", "variant", "run"],
            many: false
        );
        var withoutWeights = new Option<bool>("--without-weights")
        {
            Description =
                "With life: leave the models' weights out, which are most of it. Such a life can be read and compared "
                + "everywhere, and resumed in a store that has its weights",
        };
        var output = new Option<string?>("--out")
        {
            Description = "A file to write; standard output unless told otherwise",
            HelpName = "file",
        };
        var force = new Option<bool>("--force") { Description = "Replace the file where there is one" };
        var command = new Command(
            "export",
            "Write experiences line by line, life by life in the order of the plan, each from its first to its last; or "
                + "preferences among answers; or whole lives"
        )
        {
            what,
            store,
            form,
            rounds,
            verdicts,
            topics,
            variants,
            least,
            most,
            limit,
            among,
            withoutWeights,
            output,
            force,
        };
        command.SetAction(
            async (parsed, cancellationToken) =>
            {
                var chosen = parsed.GetValue(form) is [var name] ? name : ExportForm.Experiences.ToString().ToLowerInvariant();
                RefuseIdle(chosen, parsed.GetResult, [rounds, topics, variants, least, most, limit], verdicts, among, withoutWeights);
                await using var opened = Stores.OpenReadOnly(parsed.GetRequiredValue(store));
                var (run, instance) = await StoreLookup.RunOrInstanceAsync(opened, parsed.GetRequiredValue(what), cancellationToken);
                var (first, last) = parsed.GetValue(rounds) ?? (1, int.MaxValue);
                var filter = new ExportFilter(
                    first,
                    last,
                    [.. (parsed.GetValue(verdicts) ?? []).Select(v => Enum.Parse<Verdict>(v, ignoreCase: true))],
                    [.. parsed.GetValue(topics) ?? []],
                    [.. parsed.GetValue(variants) ?? []],
                    [.. parsed.GetValue(least) ?? [], .. parsed.GetValue(most) ?? []],
                    parsed.GetValue(limit) ?? long.MaxValue
                );
                Check(run.Plan!, filter);
                var scope = parsed.GetValue(among) switch
                {
                    ["variant"] => PreferenceScope.Variant,
                    ["run"] => PreferenceScope.Run,
                    _ => PreferenceScope.Instance, // "life", or nothing
                };
                await ExportTarget.WriteAsync(
                    stream =>
                        WriteAsync(
                            opened,
                            run,
                            instance is null ? [] : [instance],
                            chosen,
                            filter,
                            scope,
                            weights: !parsed.GetValue(withoutWeights),
                            stream,
                            cancellationToken
                        ),
                    parsed.GetValue(output),
                    parsed.GetValue(force),
                    cancellationToken
                );
                return ExitCode.Done;
            }
        );
        return command;
    }

    private static async Task<string> WriteAsync(
        EventStore store,
        SupervisorState run,
        System.Collections.Immutable.ImmutableArray<string> instances,
        string form,
        ExportFilter filter,
        PreferenceScope scope,
        bool weights,
        Stream output,
        CancellationToken cancellationToken
    )
    {
        switch (form)
        {
            case Instance:
                var told = await InstanceExport.WriteAsync(store.Journal, store.Blobs, run, instances, weights, output, cancellationToken);
                return $"{Lines.Count(told.Instances)} {(told.Instances == 1 ? "life" : "lives")}, {Lines.Count(told.Rows, "row")}, "
                    + $"{Lines.Count(told.Blobs, "blob")} of {Megabytes(told.BlobBytes)}: {Megabytes(told.Bytes)}";
            case Preferences:
                var pairs = 0;
                var lines = await ExportTarget.LinesAsync(
                    PreferenceReader
                        .ReadAsync(store.Journal, run, instances, filter, scope, cancellationToken)
                        .Select(p => (++pairs, p.Line()).Item2),
                    output,
                    cancellationToken
                );
                if (pairs == 0 && scope == PreferenceScope.Instance)
                    System.Console.Error.WriteLine("no pair within one life; try --among variant or run");
                return lines;
            default:
                var each = Enum.Parse<ExportForm>(form, ignoreCase: true);
                if (each == ExportForm.Csv)
                    await output.WriteAsync(ExportCsv.Header, cancellationToken);
                return await ExportTarget.LinesAsync(
                    ExportReader
                        .ReadAsync(store.Journal, run, instances, filter, cancellationToken)
                        .Select(lived => ExportLine.Of(lived, each)),
                    output,
                    cancellationToken
                );
        }
    }

    // An option that would do nothing is more likely a mistake than a wish.
    private static void RefuseIdle(
        string form,
        Func<Option, System.CommandLine.Parsing.OptionResult?> given,
        Option[] filters,
        Option verdicts,
        Option among,
        Option weights
    )
    {
        if (form == Instance && filters.Append(verdicts).FirstOrDefault(o => given(o) is { Implicit: false }) is { } filter)
            throw new UsageException(
                $"{filter.Name} chooses experiences, but a life is exported whole: leave it out, or name another --as"
            );
        if (form == Preferences && given(verdicts) is { Implicit: false })
            throw new UsageException($"{verdicts.Name}: a preference needs a kept and another answer: leave it out, or name another --as");
        if (form != Preferences && given(among) is { Implicit: false })
            throw new UsageException($"{among.Name} is for --as {Preferences}");
        if (form != Instance && given(weights) is { Implicit: false })
            throw new UsageException($"{weights.Name} is for --as {Instance}");
    }

    private static string Megabytes(long bytes) => $"{bytes / 1e6:0.0} MB";

    private static void Check(RunPlan plan, ExportFilter filter)
    {
        SharedOptions.RefuseUnknown("--variant", filter.Variants, [.. plan.Variants.Select(v => v.Name)], "variant");
        SharedOptions.RefuseUnknown(
            "--topic",
            filter.Topics,
            [
                .. plan
                    .Stimuli.Select(s => s.Topic)
                    .Concat(plan.Charter.Drives.Select(d => d.Topic))
                    .Distinct(StringComparer.Ordinal)
                    .Order(StringComparer.Ordinal),
            ],
            "topic"
        );
        if (filter.FirstRound > plan.Rounds + 1)
            throw new UsageException($"--round: the run {plan.Run} has rounds 1 to {plan.Rounds}");
    }
}
