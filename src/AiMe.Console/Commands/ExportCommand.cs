using System.CommandLine;
using AiMe.Console.Output;
using AiMe.Faculties;
using AiMe.Faculties.Supervisor;
using AiMe.Journal;
using AiMe.Lab.Analysis.Exports;
using AiMe.Lab.Runs.InstanceFiles;
using AiMe.Lab.Upkeep;

namespace AiMe.Console.Commands;

/// <summary><c>aime export</c>: writes experiences, preferences, or whole instances.</summary>
internal static class ExportCommand
{
    private const string Preferences = "preferences",
        Instance = "instance";

    private static readonly Dictionary<string, string> Formerly = new(StringComparer.Ordinal) { ["life"] = Instance };

    private const string Forms =
        "experiences: {\"input\", \"output\", \"reflection\", \"timestamp\"}; pairs: {\"prompt\", \"completion\"}, as "
        + "used for training; chat: {\"messages\": [{\"role\", \"content\"}, ...]}; full: all data of an experience except "
        + "its embedding; "
        + "sharegpt: {\"id\", \"conversations\": [{\"from\", \"value\"}, ...]}; csv: RFC 4180 with all scores; "
        + "preferences: {\"prompt\", \"chosen\", \"rejected\", ...}, from candidates and verdicts; "
        + "instance: whole instances, which import restores; parquet: a folder of tables; mlflow: a folder that MLflow opens; "
        + "inspect: a folder of Inspect AI's logs. Default: experiences";

    public static Command Create()
    {
        var what = SharedOptions.RunOrInstanceArgument();
        var store = SharedOptions.StoreOption();
        var form = SharedOptions.OneOf(
            "--as",
            Forms,
            [.. Enum.GetNames<ExportForm>().Select(n => n.ToLowerInvariant()), Preferences, Instance, .. FolderExport.Forms],
            many: false,
            Formerly
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
            Description = "Only instances of this variant; may be repeated",
            HelpName = "variant",
        };
        var least = ExportOptions.Bound(
            "--min",
            "Only experiences with a score of at least this value, such as alignment=.5; may be repeated. Undefined scores do not pass",
            atLeast: true
        );
        var most = ExportOptions.Bound(
            "--max",
            "Only experiences with a score of at most this value, such as perplexity=20; may be repeated",
            atLeast: false
        );
        var limit = SharedOptions.WholeOption("--limit", "Maximum number of experiences or preferences", least: 1, most: 1_000_000_000);
        var among = SharedOptions.OneOf(
            "--among",
            "For preferences: pair answers of one instance, of the replicates of a variant, or of the run. Default: instance",
            [Instance, "variant", "run"],
            many: false,
            Formerly
        );
        var unplanned = new Option<bool>("--with-unplanned")
        {
            Description =
                "For a run: forks, injected turns and imported experiences too. Default: the plan's experiences alone; an instance that "
                + "is named is exported with all of its own",
        };
        var withoutWeights = new Option<bool>("--without-weights")
        {
            Description =
                $"With --as {Instance}: omit the models' weights, which are most of the file. The instance can then be read and compared "
                + "anywhere, and resumed only in a store that has its weights",
        };
        var output = new Option<string?>("--out")
        {
            Description = "File to write, by default standard output; with --as parquet, mlflow or inspect the folder to write",
            HelpName = "file|folder",
        };
        var force = new Option<bool>("--force") { Description = "Replace the file, or the folder of an earlier export, if it exists" };
        var command = new Command(
            "export",
            "Write experiences line by line, instance by instance in the order of the plan; or preferences among answers; or "
                + "whole instances"
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
            unplanned,
            withoutWeights,
            output,
            force,
        };
        command.SetAction(
            async (parsed, cancellationToken) =>
            {
                var chosen = parsed.GetValue(form) is [var name] ? name : ExportForm.Experiences.ToString().ToLowerInvariant();
                RefuseIdle(
                    chosen,
                    parsed.GetResult,
                    [rounds, topics, variants, least, most, limit],
                    unplanned,
                    verdicts,
                    among,
                    withoutWeights
                );
                var folder = FolderExport.Check(chosen, parsed.GetValue(output), parsed.GetValue(force));
                await using var opened = Stores.OpenReadOnly(parsed.GetRequiredValue(store));
                var (run, instance) = await StoreLookup.RunOrInstanceAsync(opened, parsed.GetRequiredValue(what), cancellationToken);
                if (folder is not null)
                {
                    if (instance is not null)
                        throw new UsageException($"--as {chosen} exports a whole run, found the instance {instance}: expected its run");
                    await FolderExport.WriteAsync(
                        chosen,
                        opened,
                        run,
                        parsed.GetValue(unplanned),
                        folder,
                        parsed.GetValue(force),
                        cancellationToken
                    );
                    return ExitCode.Done;
                }

                var (first, last) = parsed.GetValue(rounds) ?? (1, int.MaxValue);
                var filter = new ExportFilter(
                    first,
                    last,
                    [.. (parsed.GetValue(verdicts) ?? []).Select(v => Enum.Parse<Verdict>(v, ignoreCase: true))],
                    [.. parsed.GetValue(topics) ?? []],
                    [.. parsed.GetValue(variants) ?? []],
                    [.. parsed.GetValue(least) ?? [], .. parsed.GetValue(most) ?? []],
                    parsed.GetValue(limit) ?? long.MaxValue,
                    PlannedOnly: instance is null && !parsed.GetValue(unplanned)
                );
                Check(run.Plan!, filter);
                var scope = parsed.GetValue(among) switch
                {
                    ["variant"] => PreferenceScope.Variant,
                    ["run"] => PreferenceScope.Run,
                    _ => PreferenceScope.Instance,
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
        var leftOut = 0;
        switch (form)
        {
            case Instance:
                if (weights)
                    await RefuseRemovedAsync(store, run, instances, cancellationToken);
                var summary = await InstanceExport.WriteAsync(
                    store.Journal,
                    store.Blobs,
                    run,
                    instances,
                    weights,
                    output,
                    cancellationToken
                );
                return $"{Lines.Count(summary.Instances, "instance")}, {Lines.Count(summary.Rows, "row")}, "
                    + $"{Lines.Count(summary.Blobs, "blob")} of {Megabytes(summary.BlobBytes)}: {Megabytes(summary.Bytes)}";
            case Preferences:
                var pairs = 0;
                var lines = await ExportTarget.LinesAsync(
                    PreferenceReader
                        .ReadAsync(store.Journal, run, instances, filter, scope, () => leftOut++, cancellationToken)
                        .Select(p => (++pairs, p.Line()).Item2),
                    output,
                    cancellationToken
                );
                WarnLeftOut();
                if (pairs == 0 && scope == PreferenceScope.Instance)
                    System.Console.Error.WriteLine("no pair within one instance; try --among variant or --among run");
                return lines;
            default:
                var each = Enum.Parse<ExportForm>(form, ignoreCase: true);
                if (each == ExportForm.Csv)
                    await output.WriteAsync(ExportCsv.Header, cancellationToken);
                var written = await ExportTarget.LinesAsync(
                    ExportReader
                        .ReadAsync(store.Journal, run, instances, filter, () => leftOut++, cancellationToken)
                        .Select(experience => ExportLine.Of(experience, each)),
                    output,
                    cancellationToken
                );
                WarnLeftOut();
                return written;
        }

        void WarnLeftOut()
        {
            if (leftOut > 0)
                System.Console.Error.WriteLine(
                    $"{Lines.Count(leftOut, "experience")} outside the plan left out; --with-unplanned includes them"
                );
        }
    }

    private static async Task RefuseRemovedAsync(
        EventStore store,
        SupervisorState run,
        System.Collections.Immutable.ImmutableArray<string> instances,
        CancellationToken cancellationToken
    )
    {
        var removed = 0;
        foreach (var instance in instances.IsEmpty ? run.Instances.Keys : instances.AsEnumerable())
            removed += await RemovedWeights.CountAsync(store, run, instance, cancellationToken);
        if (removed > 0)
            throw new UsageException(
                $"`aime gc` removed {Lines.Count(removed, "superseded checkpoint")} of these instances, so their weights cannot be "
                    + "exported; use --without-weights, or a copy of the store from before"
            );
    }

    // An option without effect is more likely a mistake.
    private static void RefuseIdle(
        string form,
        Func<Option, System.CommandLine.Parsing.OptionResult?> given,
        Option[] filters,
        Option unplanned,
        Option verdicts,
        Option among,
        Option weights
    )
    {
        if (form == Instance && filters.Append(unplanned).Append(verdicts).FirstOrDefault(IsGiven) is { } filter)
            throw new UsageException(
                $"{filter.Name} selects experiences, but --as {Instance} exports whole instances: omit it, or use another --as"
            );
        if (FolderExport.IsOfThePlan(form) && IsGiven(unplanned))
            throw new UsageException($"{unplanned.Name}: --as {form} exports the planned instances alone: omit it, or use another --as");
        if (FolderExport.Forms.Contains(form, StringComparer.Ordinal) && filters.Append(verdicts).FirstOrDefault(IsGiven) is { } choice)
            throw new UsageException($"{choice.Name} selects experiences, but --as {form} exports a whole run: omit it");
        if (form == Preferences && IsGiven(verdicts))
            throw new UsageException($"{verdicts.Name}: a preference needs a kept and another answer: omit it, or use another --as");
        if (form != Preferences && IsGiven(among))
            throw new UsageException($"{among.Name} applies only to --as {Preferences}");
        if (form != Instance && IsGiven(weights))
            throw new UsageException($"{weights.Name} applies only to --as {Instance}");

        bool IsGiven(Option option) => given(option) is { Implicit: false };
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
                    .Concat(plan.AllCharters.SelectMany(c => c.Drives).Select(d => d.Topic))
                    .Distinct(StringComparer.Ordinal)
                    .Order(StringComparer.Ordinal),
            ],
            "topic"
        );
        if (filter.FirstRound > plan.Rounds + 1)
            throw new UsageException($"--round: the run {plan.Run} has rounds 1 to {plan.Rounds}");
    }
}
